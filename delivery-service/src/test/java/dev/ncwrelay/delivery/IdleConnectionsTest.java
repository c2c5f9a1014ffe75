package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many waiting connections. {@link IdleConnectionsTrial} is the same at full size. */
@Tag("kafka")
@Tag("brokers")
class IdleConnectionsTest {

    private static final int STREAMS = 1_500;
    private static final int POLLS = 500;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start(
                "relay.delivery.live.per-device=" + STREAMS, "relay.delivery.wait.per-device=" + POLLS);
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @Test
    void idleStreamsAndPolls_doNotDelayOtherRequests() throws IOException {
        // Given
        var streams = delivery.device();
        var polls = delivery.device();
        try (var crowd = new Crowd(delivery.port(), 1, delivery.token(RunningDelivery.USER))) {
            crowd.stream(List.of(streams), STREAMS);
            crowd.poll(List.of(polls), POLLS);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(delivery.metric("relay.waits.active")).isEqualTo(STREAMS + POLLS));
            await().untilAsserted(() ->
                    assertThat(delivery.metric("relay.subscriptions.active")).isEqualTo(STREAMS));

            // When
            var device = delivery.device();
            delivery.publish(device, "event", "{}");
            var polled = delivery.poll(device, "{}");
            var acked = delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + polled.next() + "\"}");
            var called = delivery.send(delivery.request(
                                    "POST",
                                    "/v1/devices/" + device + "/rpc",
                                    "{\"message\":\"{}\"}",
                                    delivery.token(RunningDelivery.USER))
                            .header("Prefer", "respond-async")
                            .build())
                    .join();
            var health = delivery.management("/actuator/health/readiness");

            // Then
            assertThat(polled.ids()).containsExactly("event");
            assertThat(acked.status()).isEqualTo(204);
            assertThat(called.status()).isEqualTo(202);
            assertThat(health.status()).isEqualTo(200);

            delivery.publish(streams, "for-streams", "{}");
            delivery.publish(polls, "for-polls", "{}");
            await().atMost(SOON).untilAsserted(() -> {
                crowd.read();
                assertThat(crowd.having("for-streams")).isEqualTo(STREAMS);
                assertThat(crowd.having("for-polls")).isEqualTo(POLLS);
            });
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(delivery.metric("relay.waits.active")).isZero());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(delivery.metric("relay.subscriptions.active"))
                        .isZero());
    }

    @Test
    void unfinishedBodies_doNotDelayOtherRequests() {
        var device = delivery.device();
        var path = "/v1/devices/" + device + "/messages:poll";
        var token = delivery.token(RunningDelivery.USER);
        var slow = IntStream.range(0, 300)
                .mapToObj(_ -> {
                    var connection = RawConnection.open(delivery.port(), token);
                    var request = connection.request("POST", path, "", "{\"wait\":0}");
                    return connection.send(request.substring(0, request.length() - 1));
                })
                .toList();

        assertThat(delivery.poll(device, "{\"wait\":0}").status()).isEqualTo(200);
        assertThat(delivery.management("/actuator/health/readiness").status()).isEqualTo(200);

        slow.forEach(RawConnection::close);
    }

    @Test
    void hundredsOfDisconnectedClients_freeTheirLimits() throws IOException {
        var device = delivery.device();
        double before = delivery.metric("relay.waits", "result", "client_gone");
        for (int round : IntStream.range(0, 5).toArray()) {
            try (var crowd = new Crowd(delivery.port(), 1, delivery.token(RunningDelivery.USER))) {
                crowd.poll(List.of(device), 300);
                delivery.awaitHeld(300);
            }
            assertThat(round).isNotNegative();
            delivery.awaitHeld(0);
        }
        await().untilAsserted(() -> assertThat(delivery.metric("relay.waits", "result", "client_gone") - before)
                .isEqualTo(1_500));
    }
}
