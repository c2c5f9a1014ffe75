package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Pages of other origins: preflights, and the response headers that let them read a response. */
@Tag("kafka")
class ProblemCorsProcessorTest {

    private static final String APP = RunningDelivery.ORIGIN;
    private static final String HEADERS =
            "authorization,content-type,last-event-id,prefer,request-id,traceparent,tracestate";

    private final RunningDelivery delivery = RunningDelivery.shared();

    /** Each operation of the described API, so that none is missing. */
    static Stream<Arguments> operations() throws IOException {
        Map<String, Map<String, Map<String, Object>>> api = new Yaml().load(Files.readString(Path.of("openapi.yaml")));
        return api.getOrDefault("paths", Map.of()).entrySet().stream()
                .flatMap(path -> path.getValue().keySet().stream()
                        .map(method -> Arguments.of(
                                method.toUpperCase(Locale.ROOT), path.getKey().replaceAll("\\{\\w+}", "x"))));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void preflight_ofEveryOperation_isAllowed(String method, String path) {
        var answer = preflight(path, method, APP);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(answer.header("Access-Control-Allow-Methods")).contains(method);
        assertThat(answer.header("Access-Control-Allow-Headers")
                        .toLowerCase(Locale.ROOT)
                        .split(", "))
                .containsExactlyInAnyOrder(HEADERS.split(","));
        // Without it a browser sends a preflight before nearly every poll.
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
    }

    @Test
    void preflight_ofAnotherOrigin_isRejectedWithAProblem() {
        var answer = preflight("/api/devices/x/rpc", "POST", "https://evil.example");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:foreign-origin");
    }

    @Test
    void responses_canBeReadByThePage_errorsToo() {
        var path = "/v1/devices/" + delivery.device() + "/rpc";
        var tooLarge = "x".repeat(4_300_000);

        assertThat(fromPage("POST", path, tooLarge, delivery.token(RunningDelivery.USER)))
                .satisfies(answer -> assertReadable(answer, 413));
        assertThat(fromPage("POST", path, "{}", null)).satisfies(answer -> assertReadable(answer, 401));
        assertThat(fromPage("POST", path, "{}", delivery.token(RunningDelivery.USER)))
                .satisfies(answer -> assertReadable(answer, 400));
        assertThat(fromPage("GET", "/v1/devices/unknown/messages", null, delivery.token(RunningDelivery.USER)))
                .satisfies(answer -> assertReadable(answer, 404));
    }

    private static void assertReadable(RunningDelivery.Reply answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(answer.header("Access-Control-Expose-Headers").split(", "))
                .contains("Request-Id", "Retry-After", "Location");
    }

    private RunningDelivery.Reply preflight(String path, String method, String origin) {
        return delivery.send(delivery.request("OPTIONS", path, null, null)
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", method)
                        .header("Access-Control-Request-Headers", HEADERS)
                        .build())
                .join();
    }

    private RunningDelivery.Reply fromPage(String method, String path, @Nullable String body, @Nullable String token) {
        return delivery.send(delivery.request(method, path, body, token)
                        .header("Origin", APP)
                        // A request may be rejected before its body is sent; a connection that closes during the body
                        // may lose the response.
                        .expectContinue(body != null)
                        .build())
                .join();
    }
}
