package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.invoke.InvokeCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Fireblocks' own SDK, unmodified, in an app that reaches Fireblocks through the relay only. */
class SdkIT {

    private final RunningStack stack = RunningStack.get();

    @BeforeAll
    static void install() throws Exception {
        JavaScript.SDK.install();
    }

    /**
     * The SDK initializes itself with Fireblocks' results, and makes Fireblocks' errors its own: code 1001 becomes
     * INCOMPLETE_DEVICE (108), and a text arrives to the letter, since apps compare it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"http", "websocket"})
    void sdk_reachesFireblocksAndReadsItsAnswers(String transport) throws Exception {
        // Given
        var app = stack.newApp();
        stack.fireblocks().invoke().onDevice(app.deviceId(), SdkIT::answer);

        // When
        var token = app.authorization().substring("Bearer ".length());
        var run = JavaScript.SDK.run(
                Map.of("RELAY_TOKEN", token),
                "node",
                "flow.mjs",
                stack.delivery().toString(),
                transport,
                app.deviceId());

        // Then
        assertThat(run.exitCode()).as(run.output()).isZero();
        var lines = run.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(App.JSON::readTree)
                .toList();
        assertThat(outcome(lines, "initialize").path("result").asString())
                .as(run.output())
                .isEqualTo("done");
        assertThat(outcome(lines, "sign").path("code").asInt()).as(run.output()).isEqualTo(108);
        assertThat(outcome(lines, "generate").path("message").asString())
                .as(run.output())
                .isEqualTo("Fireblocks API returned an error: Unexpected physicalDeviceId");
        var emitted = lines.stream()
                .filter(line -> line.has("emitted"))
                .map(line -> line.path("sha256").asString())
                .toList();
        assertThat(lines)
                .extracting(line -> line.path("emitted").asString(""))
                .contains("get_service_certificates", "get_cloud_cosigner_certificate", "poll_mpc_msg", "get_all_keys");
        assertThat(stack.fireblocks().invoke().callsOf(app.deviceId()))
                .extracting(call -> Bytes.utf8(call.payload()).sha256())
                .containsExactlyInAnyOrderElementsOf(emitted);
    }

    private static JsonNode outcome(List<JsonNode> lines, String operation) {
        return lines.stream()
                .filter(line -> line.path("operation").asString("").equals(operation))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no word of " + operation + " in " + lines));
    }

    private static Answer answer(InvokeCall call) {
        return switch (call.method()) {
            case "get_service_certificates", "report_event" -> json("{\"result\":{}}");
            // No certificate of a cloud cosigner; one of ours could not be verified.
            case "get_cloud_cosigner_certificate" -> json("{\"result\":false}");
            case "poll_mpc_msg" -> InvokeAnswer.error("Incomplete Device", 1001);
            default -> InvokeAnswer.error("Unexpected physicalDeviceId", -1);
        };
    }

    private static Answer json(String body) {
        return InvokeAnswer.body(body.getBytes(StandardCharsets.UTF_8));
    }
}
