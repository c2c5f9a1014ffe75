package dev.ncwrelay.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.thread.BusyCarriers;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Rejected requests and their responses. The keys cannot be fetched at first. */
@Tag("kafka")
class RefusalsTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String WEBHOOK = "/webhooks/fireblocks";
    private static final int MAX_BODY = 64 * 1024;

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static RunningIngress ingress;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        var legacyKey = Files.writeString(folder.resolve("legacy.pem"), FIREBLOCKS.legacyKeyPem());
        FIREBLOCKS.jwks().fail(500);
        ingress = RunningIngress.start(
                        FIREBLOCKS,
                        SharedStack.get().connection(),
                        "--relay.ingress.http.max-body=64KB",
                        "--relay.ingress.verify.legacy.enabled=true",
                        "--relay.ingress.verify.legacy.key-files=" + legacyKey)
                .readyButForKeys();
    }

    @AfterAll
    static void stop() {
        ingress.close();
        FIREBLOCKS.close();
    }

    @Test
    void webhook_isAnswered503_whileItsKeyCannotBeFetched() {
        FIREBLOCKS.jwks().fail(500);
        FIREBLOCKS.keys().rotate();
        var body = body(100);

        var refused = post(body, SignatureMode.JWS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("urn:ncw-relay:problem:unavailable").contains("keys_unavailable");

        // Shown, but no reason to take the node out of service.
        var readiness = ingress.management("/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(readiness.body()).contains("answered 500");

        FIREBLOCKS.jwks().recover();
        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(post(body, SignatureMode.JWS).statusCode()).isEqualTo(200));
    }

    @Test
    void webhook_withLegacySignature_isAcceptedIfEnabled() {
        assertThat(post(body(100), SignatureMode.LEGACY).statusCode()).isEqualTo(200);
    }

    @Test
    void webhook_isAcceptedUpToTheLimit() {
        assertThat(post(body(MAX_BODY), SignatureMode.LEGACY).statusCode()).isEqualTo(200);

        assertThat(post(body(MAX_BODY + 1), SignatureMode.LEGACY))
                .satisfies(response -> assertProblem(response, 413, "urn:ncw-relay:problem:body-too-large"));
    }

    @Test
    void webhook_withoutContentLength_isAcceptedUpToTheLimit() {
        var body = body(MAX_BODY + 1);

        var response =
                post(body, SignatureMode.LEGACY, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertProblem(response, 413, "urn:ncw-relay:problem:body-too-large");
    }

    @Test
    void request_atAnUnknownPath_isAnsweredWithAProblem() {
        assertProblem(ingress.get("/nothing-here"), 404, "urn:ncw-relay:problem:http-404");
        var wrongMethod = ingress.get(WEBHOOK);
        assertProblem(wrongMethod, 405, "urn:ncw-relay:problem:http-405");
        assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
    }

    /** After a 406 or 415 Fireblocks would not send the webhook again. */
    @ParameterizedTest
    @CsvSource({"text/plain, application/json", "image/png, text/plain", "*/*, multipart/form-data;boundary=x"})
    void webhook_isAcceptedWithAnyMediaType(String accept, String contentType) {
        var body = body(100);
        var request = HttpRequest.newBuilder(ingress.url(WEBHOOK))
                .POST(BodyPublishers.ofByteArray(body))
                .header("Accept", accept)
                .header("Content-Type", contentType);
        assertProblem(ingress.send(request.build()), 401, "urn:ncw-relay:problem:unverified-webhook");

        FIREBLOCKS.webhooks().signing(SignatureMode.LEGACY).sign(body).forEach((name, value) -> {
            if (name.startsWith("Fireblocks")) {
                request.setHeader(name, value);
            }
        });
        assertThat(ingress.send(request.build()).statusCode()).isEqualTo(200);
    }

    @Test
    void healthAndMetrics_areNotServedOnTheWebhookPort() {
        assertThat(ingress.get("/actuator/health").statusCode()).isEqualTo(404);
        assertThat(ingress.get("/actuator/prometheus").statusCode()).isEqualTo(404);
    }

    @Test
    void health_isAnsweredWhileAllCarrierThreadsAreBusy() throws Exception {
        try (var _ = new BusyCarriers()) {
            var health = (HttpURLConnection)
                    ingress.managementUrl("/actuator/health/readiness").toURL().openConnection();
            health.setReadTimeout(30_000);

            // It is answered; what it says may change while nothing else runs.
            assertThat(health.getResponseCode()).isIn(200, 503);
        }
    }

    @Test
    void webhook_aboveTheLimit_isCounted() {
        assertThat(post(body(MAX_BODY + 1), SignatureMode.LEGACY).statusCode()).isEqualTo(413);

        assertThat(ingress.management("/actuator/prometheus").body())
                .containsPattern("relay_ingress_webhooks_seconds_count\\{.*result=\"too_large\".*} [1-9]");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /%zz HTTP/1.1, http-400",
        "GET /a%2Fb HTTP/1.1, http-400",
        "POST /webhooks/fireblocks HTTP/1.1|Content-Length: 10||abc, incomplete",
        "POST /webhooks/fireblocks HTTP/1.1|Transfer-Encoding: chunked||ZZZ|abc, incomplete",
    })
    void request_ifMalformed_isAnsweredWithAProblem(String request, String problem) throws IOException {
        var lines = request.split("\\|", 2);
        var rest = lines.length > 1 ? lines[1] : "|";
        var signature = FIREBLOCKS.webhooks().signing(SignatureMode.LEGACY).sign(body(100)).entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "|")
                .collect(Collectors.joining());
        var text = lines[0] + "|Host: any|Connection: close|" + signature + rest + "|";

        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), ingress.url(WEBHOOK).getPort())) {
            socket.getOutputStream().write(text.replace("|", "\r\n").getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("Content-Type: application/problem+json")
                    .contains("urn:ncw-relay:problem:" + problem);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void start_rejectsUnknownAndInvalidSettings_withoutTheirValues(CapturedOutput output) {
        for (var setting : new String[] {
            "relay.ingress.http.max-bdy=secret123",
            "relay.ingress.http.max-body=secret123",
            "relay.ingress.verify.region=secret123",
            "relay.ingress.verify.legacy.key-files=secret123",
            "relay.kafka.propertys.password=secret123"
        }) {
            assertThatThrownBy(() -> RunningIngress.start(
                                    FIREBLOCKS,
                                    SharedStack.get().connection(),
                                    "--relay.ingress.verify.legacy.enabled=true",
                                    "--" + setting)
                            .close())
                    .as(setting)
                    .isInstanceOf(Exception.class);
            assertThat(output).contains(setting.substring(0, setting.indexOf('=')));
        }
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .doesNotContain("secret123")
                .doesNotContain("\tat ");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String part) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains(part);
    }

    /** A webhook of exactly this many bytes. */
    private static byte[] body(int length) {
        var start = "{\"id\":\"" + UUID.randomUUID() + "\",\"eventType\":\"any\",\"fill\":\"";
        return (start + "x".repeat(length - start.length() - 2) + "\"}").getBytes(UTF_8);
    }

    private static HttpResponse<String> post(byte[] body, SignatureMode mode) {
        return post(body, mode, BodyPublishers.ofByteArray(body));
    }

    private static HttpResponse<String> post(byte[] body, SignatureMode mode, BodyPublisher publisher) {
        var request = HttpRequest.newBuilder(ingress.url(WEBHOOK)).POST(publisher);
        FIREBLOCKS.webhooks().signing(mode).sign(body).forEach(request::header);
        return ingress.send(request.build());
    }
}
