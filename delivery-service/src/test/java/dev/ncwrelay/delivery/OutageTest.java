package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.server.Outage;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outages of Kafka and of the token issuer. */
@Tag("kafka")
class OutageTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    @Tag("fixtures")
    @Tag("brokers")
    void kafkaOutage_isReported_andEndsWithoutARestart(Outage outage) {
        try (var kafka = LocalKafka.startPausable();
                var delivery = RunningDelivery.startOn(kafka)) {
            var device = delivery.device();
            delivery.publish(device, "before", "{}");
            var before = delivery.poll(device, "{}");
            outage.begin(kafka);

            // More than the server's request threads: none of them waits for the brokers.
            var ackPath = "/v1/devices/" + device + "/acks";
            var waiting = IntStream.range(0, 300)
                    .mapToObj(_ -> delivery.send(delivery.request(
                                    "POST",
                                    ackPath,
                                    "{\"ack\":\"" + before.next() + "\"}",
                                    delivery.token(RunningDelivery.USER))
                            .build()))
                    .toList();
            assertThat(delivery.poll(device, "{\"after\":\"earliest\"}").ids()).containsExactly("before");
            assertThat(waiting).anyMatch(ack -> !ack.isDone());

            var ack = delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + before.next() + "\"}");
            var call = delivery.post("/v1/devices/" + device + "/rpc", "{\"message\":\"m\"}");

            assertThat(ack.status()).isEqualTo(503);
            assertThat(ack.header("Retry-After")).isNotBlank();
            assertThat(call.status()).isEqualTo(503);
            assertThat(delivery.poll(device, "{\"after\":\"earliest\"}").ids()).containsExactly("before");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(readiness(delivery)).isEqualTo(503));

            var held = delivery.pollAsync(device, "{\"wait\":50,\"after\":\"" + before.next() + "\"}");
            outage.end(kafka);
            delivery.publish(device, "after", "{}");

            assertThat(held)
                    .succeedsWithin(SOON)
                    .satisfies(answer -> assertThat(answer.ids()).containsExactly("after"));
            assertThat(delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + before.next() + "\"}")
                            .status())
                    .isEqualTo(204);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(readiness(delivery)).isEqualTo(200));
        }
    }

    @Test
    void unresolvableBrokerName_isRetried() {
        try (var delivery = RunningDelivery.begin("spring.kafka.bootstrap-servers=kafka.invalid:9092")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(delivery.management("/actuator/health/readiness")
                                    .text())
                            .contains("spring.kafka.bootstrap-servers resolves: kafka.invalid:9092"));
            assertThat(delivery.management("/actuator/health/liveness").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void unavailableKeys_are503_not401() {
        try (var delivery = RunningDelivery.start("relay.delivery.auth.jwks-url=http://127.0.0.1:1/keys")) {
            var answer = delivery.poll("device", "{}");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.header("Retry-After")).isNotBlank();
        }
    }

    @Test
    void pollsHeldAtShutdown_areAnsweredLikeATimeout() {
        var delivery = RunningDelivery.shared();
        var device = delivery.device();
        var held = delivery.pollAsync(device, "{\"wait\":50}");
        delivery.awaitHeld(1);

        delivery.stop();

        assertThat(held).succeedsWithin(SOON).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.ids()).isEmpty();
            assertThat(answer.next()).isNotBlank();
        });
    }

    private static int readiness(RunningDelivery delivery) {
        return delivery.management("/actuator/health/readiness").status();
    }
}
