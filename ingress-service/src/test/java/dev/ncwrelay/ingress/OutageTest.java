package dev.ncwrelay.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.ingress.publish.LogReader;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.WebhookBody;
import dev.ncwrelay.testkit.server.Outage;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kafka")
@Tag("fixtures")
@Tag("brokers")
class OutageTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final FakeFireblocks fireblocks = FakeFireblocks.start();

    @AfterEach
    void stop() {
        fireblocks.close();
    }

    @ParameterizedTest
    @EnumSource
    void webhook_afterAnOutageOfKafka_isSentAgainAndPublished(Outage outage) {
        try (var kafka = LocalKafka.startPausable();
                var ingress =
                        RunningIngress.start(fireblocks, kafka.connection()).ready()) {
            // Given
            var body = WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL)
                    .deviceId("d1")
                    .bytes();
            var sender = fireblocks.webhooks().to(ingress.url("/webhooks/fireblocks"));
            outage.begin(kafka);

            // When
            assertThat(sender.send(body).join().status()).isEqualTo(503);
            var delivery = sender.retrying(RetrySchedule.v2().scaledBy(0.01)).send(body);
            outage.end(kafka);

            // Then it is there, perhaps more than once, since no acknowledgement is no proof of failure
            assertThat(delivery.join().completed()).isTrue();
            assertThat(new LogReader(kafka.connection(), SharedStack.get().codec()).events("d1"))
                    .isNotEmpty()
                    .extracting(DeviceEvent::getEventId)
                    .containsOnly(sha256(body));
        }
    }

    /** More than the server has threads for requests. */
    @Test
    void webhooks_waitForKafkaWithoutAThread() {
        try (var kafka = LocalKafka.start();
                var ingress =
                        RunningIngress.start(fireblocks, kafka.connection()).ready();
                var http = HttpClient.newHttpClient()) {
            // Given
            var requests = IntStream.range(0, 220)
                    .mapToObj(number -> signed(ingress.url("/webhooks/fireblocks"), "d" + number))
                    .toList();
            kafka.stop();

            // When
            var answers = requests.stream()
                    .map(request -> http.sendAsync(request, BodyHandlers.discarding()))
                    .toList();
            await().atMost(TIMEOUT)
                    .until(() -> answers.stream().anyMatch(CompletableFuture::isDone)
                            || ingress.management("/actuator/prometheus")
                                    .body()
                                    .contains("relay_ingress_bodies 220.0"));

            // Then all wait at once, and another is answered before any of them
            assertThat(ingress.get("/webhooks/fireblocks").statusCode()).isEqualTo(405);
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer)
                            .succeedsWithin(TIMEOUT)
                            .satisfies(response ->
                                    assertThat(response.statusCode()).isEqualTo(503)));
        }
    }

    private static KafkaConnection stopped(LocalKafka kafka) {
        kafka.stop();
        return kafka.connection();
    }

    private HttpRequest signed(URI url, String deviceId) {
        var body = WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL)
                .deviceId(deviceId)
                .bytes();
        var request = HttpRequest.newBuilder(url).POST(BodyPublishers.ofByteArray(body));
        fireblocks.webhooks().sign(body).forEach(request::header);
        return request.build();
    }

    @Test
    void service_startsWithoutKafka_andReportsWhatIsMissing() {
        try (var kafka = LocalKafka.start();
                var ingress = RunningIngress.start(fireblocks, stopped(kafka))) {
            var readiness = ingress.management("/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body()).contains("cause");
            assertThat(ingress.management("/actuator/health/liveness").statusCode())
                    .isEqualTo(200);

            kafka.restart();

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(ingress.management("/actuator/health/readiness")
                                    .statusCode())
                            .isEqualTo(200));
        }
    }

    @Test
    void service_waitsForKafkasNameToResolve() {
        var unknown = KafkaConnection.to("kafka.invalid:9092", LocalKafka.PARTITIONS);
        try (var ingress = RunningIngress.start(fireblocks, unknown)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(ingress.management("/actuator/health/readiness")
                                    .body())
                            .contains("spring.kafka.bootstrap-servers resolves: kafka.invalid:9092"));
            assertThat(ingress.management("/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
        }
    }

    /** A v1 webhook has no id but its body's hash. */
    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
