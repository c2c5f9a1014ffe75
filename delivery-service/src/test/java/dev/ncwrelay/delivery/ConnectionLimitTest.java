package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node at its limit of connections. */
@Tag("kafka")
class ConnectionLimitTest {

    private static final int CONNECTIONS = 40;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start("relay.delivery.http.max-connections=" + CONNECTIONS);
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @Test
    void connectionsWithoutRequest_areClosedForOthers_andHeldOnesStay() throws IOException {
        // Given
        var held = delivery.device();
        var streaming = delivery.device();
        try (var poll = RawConnection.open(delivery).post("/v1/devices/" + held + "/messages:poll", "{\"wait\":50}");
                var stream = RawConnection.open(delivery).get("/v1/devices/" + streaming + "/stream");
                var socket = SocketClient.open(delivery, streaming, delivery.token(RunningDelivery.USER))
                        .hello(null, null, Map.of())) {
            assertThat(stream.answer().status()).isEqualTo(200);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(delivery.metric("relay.waits.active")).isEqualTo(3));

            // When
            var silent = Stream.generate(() -> RawConnection.open(delivery))
                    .limit(CONNECTIONS)
                    .toList();
            var slow = Stream.generate(() -> RawConnection.open(delivery).send("GET / HTTP/1.1\r\nX: "))
                    .limit(CONNECTIONS)
                    .toList();

            // Then
            try (var other = RawConnection.open(delivery)) {
                var polling = delivery.device();
                assertThat(other.get("/v1/devices/" + polling + "/messages?wait=0")
                                .answer()
                                .status())
                        .isEqualTo(200);
            }
            delivery.publish(held, "for the poll", "{}");
            delivery.publish(streaming, "for the stream", "{}");
            assertThat(poll.answer().body()).contains("for the poll");
            stream.awaitText("for the stream");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(socket.said("msg")).isNotEmpty());
            silent.forEach(RawConnection::close);
            slow.forEach(RawConnection::close);
        }
    }
}
