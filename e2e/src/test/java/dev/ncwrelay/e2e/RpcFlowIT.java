package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A payload of the app's SDK reaches Fireblocks, and the answer the app. */
@Tag("fixtures")
class RpcFlowIT {

    private final RunningStack stack = RunningStack.get();

    static List<byte[]> bodies() {
        return List.of(
                utf8("{\"result\":\"Grüße, 世界 ✓ \\u0000 𝄞\"}"),
                utf8("{ \"result\" : { \"spaces\" : [ 1.0 , 1e-05 ] } }\n"),
                utf8("{\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}"),
                utf8("{}"),
                utf8("{\"result\":\"" + random(5 * 1024 * 1024 - 13) + "\"}"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void answer_isFireblocksByteForByte(byte[] body) {
        // Given
        var app = stack.newApp();
        stack.fireblocks().invoke().onDevice(app.deviceId(), call -> InvokeAnswer.body(body));
        var payload = App.payload("get_service_certificates");

        // When
        var answer = app.rpc(payload).join();

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        var calls = stack.fireblocks().invoke().callsOf(app.deviceId());
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().payload()).isEqualTo(payload);
        assertThat(calls.getFirst().walletId()).isEqualTo(app.walletId());
    }

    @Test
    void payload_reachesFireblocksUnchanged() {
        var app = stack.newApp();
        var payload = "not even JSON: \"quotes\" \\ \n tab\t Grüße 世界 𝄞 \u2028";

        assertThat(app.rpc(payload).join().statusCode()).isEqualTo(200);

        assertThat(stack.fireblocks()
                        .invoke()
                        .callsOf(app.deviceId())
                        .getFirst()
                        .payload())
                .isEqualTo(payload);
    }

    @Test
    void slowCall_delaysNoOtherOfTheSameDevice() {
        // Given
        var app = stack.newApp();
        var asked = new CompletableFuture<Void>();
        var answered = new CompletableFuture<Void>();
        stack.fireblocks()
                .invoke()
                .when(call -> call.deviceId().equals(app.deviceId()) && "poll_mpc_msg".equals(call.method()), call -> {
                    asked.complete(null);
                    answered.join();
                    return InvokeAnswer.result("slow");
                });

        // When
        var slow = app.rpc(App.payload("poll_mpc_msg"));
        assertThat(asked).succeedsWithin(Duration.ofSeconds(20));
        var fast = app.rpc(App.payload("broadcast_mpc_msg"));

        // Then
        assertThat(fast).succeedsWithin(Duration.ofSeconds(20));
        assertThat(slow).isNotDone();
        answered.complete(null);
        assertThat(slow).succeedsWithin(Duration.ofSeconds(40));
        assertThat(slow.join().statusCode()).isEqualTo(200);
        assertThat(new String(slow.join().body(), StandardCharsets.UTF_8)).isEqualTo("{\"result\":\"slow\"}");
    }

    /** With a body of nearly 4 MiB, the most by default, and members that the demo backend does not know either. */
    @Test
    void oldPath_answersAsTheNewOne() {
        // Given
        var app = stack.newApp();
        var payload = "{\"method\":\"get_all_keys\",\"params\":[\"" + random(4_190_000) + "\"]}";
        var body = App.JSON.writeValueAsString(Map.of("message", payload, "deviceId", app.deviceId(), "retry", 1));

        // When
        var answer = App.send(
                        app.request("/api/devices/" + app.deviceId() + "/rpc").POST(BodyPublishers.ofString(body)))
                .join();

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(InvokeAnswer.echo(payload).body().toArray());
    }

    @Test
    void refusal_isAProblemWithFireblocksStatus() {
        var app = stack.newApp();
        stack.fireblocks().invoke().onDevice(app.deviceId(), call ->
                (Answer) InvokeAnswer.refusal(403, "Device disabled", 1));

        var answer = app.rpc(App.payload("get_all_keys")).join();

        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(answer.headers().firstValue("content-type").orElse("")).contains("json");
    }

    private static String random(int length) {
        return new Random(7)
                .ints(length, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
