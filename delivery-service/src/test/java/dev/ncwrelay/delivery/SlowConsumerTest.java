package dev.ncwrelay.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that does not read what it is sent. */
class SlowConsumerTest {

    @Test
    void stream_thatIsNotRead_isClosed_andGoesOnByCursor() throws IOException {
        try (var delivery = RunningDelivery.start("relay.delivery.live.undrained=1s")) {
            var device = delivery.device();
            var ids = IntStream.range(0, 100).mapToObj(one -> "event-" + one).toList();
            var large = "\"" + "x".repeat(200_000) + "\"";
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), delivery.port())) {
                socket.getOutputStream()
                        .write(("GET /v1/devices/" + device + "/stream HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer "
                                        + delivery.token(RunningDelivery.USER) + "\r\n\r\n")
                                .getBytes(UTF_8));
                delivery.awaitHeld(1);

                ids.forEach(id -> delivery.publish(device, id, large));

                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(delivery.metric("relay.live.ends", "result", "slow"))
                                .isEqualTo(1));
                assertThat(delivery.metric("relay.live.connections")).isZero();
            }

            var got = new ArrayList<String>();
            var after = "earliest";
            while (got.size() < ids.size()) {
                var page = delivery.poll(device, "{\"after\":\"" + after + "\"}");
                got.addAll(page.ids());
                after = page.next();
            }
            assertThat(got).isEqualTo(ids);
        }
    }
}
