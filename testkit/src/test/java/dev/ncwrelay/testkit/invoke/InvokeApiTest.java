package dev.ncwrelay.testkit.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.samples.Samples;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class InvokeApiTest {
    private static final String POLL =
            new String(Samples.named("rpc-sdk-outgoing.poll_mpc_msg").bytes(), StandardCharsets.UTF_8);

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();

    private final InvokeApi invoke = FIREBLOCKS.invoke();
    private final InvokeClient client = new InvokeClient(FIREBLOCKS.url(), FIREBLOCKS.apiUser());

    @BeforeEach
    void forget() {
        invoke.reset();
        invoke.forget();
    }

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    @Test
    void call_withoutASetAnswer_isEchoed() throws Exception {
        var response = client.call("w-1", "d-1", POLL);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(Bytes.of(response.body())).isEqualTo(InvokeAnswer.echo(POLL).body());
        assertThat(JsonMapper.shared()
                        .readTree(response.body())
                        .at("/result/method")
                        .asString())
                .isEqualTo("poll_mpc_msg");
    }

    @Test
    void call_isRecorded() throws Exception {
        var payload = "{\"method\":\"ping\",\"name\":\"Zoë\"}";

        client.callWithHeaders(request -> request.header("Idempotency-Key", "r-1"));
        client.call("w%2F2", "d 2".replace(" ", "%20"), payload);

        var calls = invoke.calls();
        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst().idempotencyKey()).hasValue("r-1");
        assertThat(calls.getFirst().headers()).containsKey("AUTHORIZATION");
        var second = calls.getLast();
        assertThat(second.walletId()).isEqualTo("w/2");
        assertThat(second.deviceId()).isEqualTo("d 2");
        assertThat(second.apiKey()).isEqualTo(FIREBLOCKS.apiUser().apiKey());
        assertThat(second.nonce()).isNotEqualTo(calls.getFirst().nonce());
        assertThat(second.method()).isEqualTo("ping");
        assertThat(second.payload()).isEqualTo(payload);
        assertThat(second.body().utf8())
                .isEqualTo("{\"payload\":\"{\\\"method\\\":\\\"ping\\\",\\\"name\\\":\\\"Zoë\\\"}\"}");
        assertThat(invoke.callsOf("d 2")).containsExactly(second);
    }

    @Test
    void body_withoutAStringPayloadIsRefused() throws Exception {
        for (var body : List.of("", "[]", "{}", "{\"payload\":{}}", "{\"payload\":null}", "payload")) {
            var response = client.callWithBody(body.getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(JsonMapper.shared()
                            .readTree(response.body())
                            .path("error")
                            .asString())
                    .isEqualTo("Bad Request");
        }
        assertThat(invoke.calls()).isEmpty();
        assertThat(invoke.refusals()).hasSize(6).allMatch(refusal -> refusal.status() == 400);
    }

    @Test
    void answers_takePrecedenceInOrder() throws Exception {
        invoke.answerWith(call -> InvokeAnswer.result("script"));
        invoke.onMethod("poll_mpc_msg", call -> InvokeAnswer.result("rule of the method"));
        invoke.onDevice("d-2", call -> InvokeAnswer.result("rule of the device"));
        invoke.answerNext(InvokeAnswer.result("first"), InvokeAnswer.error("second", 1001));

        assertThat(text(client.call("w-1", "d-2", POLL))).isEqualTo("{\"result\":\"first\"}");
        assertThat(text(client.call("w-1", "d-2", POLL)))
                .isEqualTo("{\"error\":{\"message\":\"second\",\"code\":1001}}");
        assertThat(text(client.call("w-1", "d-2", POLL))).isEqualTo("{\"result\":\"rule of the device\"}");
        assertThat(text(client.call("w-1", "d-1", POLL))).isEqualTo("{\"result\":\"rule of the method\"}");
        assertThat(text(client.call("w-1", "d-1", "{}"))).isEqualTo("{\"result\":\"script\"}");
    }

    @Test
    void reset_returnsToTheEcho() throws Exception {
        invoke.answerNext(InvokeAnswer.result("queued"));
        invoke.onDevice("d-1", call -> InvokeAnswer.result("rule"));
        invoke.answerWith(call -> InvokeAnswer.result("script"));

        invoke.reset();

        assertThat(Bytes.of(client.call("w-1", "d-1", POLL).body()))
                .isEqualTo(InvokeAnswer.echo(POLL).body());
    }

    @Test
    void exchanges_holdTheAnswersBytes() throws Exception {
        var megabytes = "é".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        invoke.answerNext(InvokeAnswer.body(megabytes));

        var response = client.call("w-1", "d-1", POLL);

        assertThat(response.body()).isEqualTo(megabytes);
        assertThat(invoke.exchanges().getLast().answer()).isEqualTo(InvokeAnswer.body(megabytes));
    }

    @Test
    void status_isAnsweredWithHeadersAndBody() throws Exception {
        invoke.answerNext(InvokeAnswer.refusal(429, "Too many requests", 0).header("Retry-After", "7"));

        var response = client.call("w-1", "d-1", POLL);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(text(response)).isEqualTo("{\"message\":\"Too many requests\",\"code\":0}");
    }

    @Test
    void script_thatThrowsIsAnsweredWith500() throws Exception {
        invoke.answerWith(call -> {
            throw new IllegalStateException("a mistake in the test");
        });

        assertThat(client.call("w-1", "d-1", POLL).statusCode()).isEqualTo(500);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
