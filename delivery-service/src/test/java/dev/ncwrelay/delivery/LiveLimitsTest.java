package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of connections, and of the time to send a body. */
@Tag("kafka")
class LiveLimitsTest {

    private static final int MAX_CONNECTIONS = 40;

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start(
                "relay.delivery.live.per-device=1",
                "relay.delivery.live.per-node=2",
                "relay.delivery.http.rate-window=2s",
                "relay.delivery.http.max-connections=" + MAX_CONNECTIONS,
                // Heartbeats detect disconnected clients.
                "relay.delivery.live.heartbeat=300ms");
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @BeforeEach
    void awaitNoConnections() {
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.subscriptions.active")).isZero());
    }

    @Test
    void node_acceptsConnectionsUpToItsLimit_andMoreWhenOthersEnd() {
        var idle = Stream.generate(() -> RawConnection.open(delivery)).limit(60).toList();
        await().untilAsserted(() ->
                assertThat(delivery.metric("jetty.connections.current")).isEqualTo(MAX_CONNECTIONS));

        idle.forEach(RawConnection::close);

        assertThat(delivery.device()).isNotEmpty();
        assertThat(delivery.metric("jetty.connections.max")).isEqualTo(MAX_CONNECTIONS);
    }

    @Test
    void stalledMessage_closesTheWebSocket() {
        var device = delivery.device();
        try (var client = SocketClient.open(delivery, device, delivery.token(RunningDelivery.USER))) {
            client.hello(null, "latest", Map.of()).sayPart("{\"type\":\"ack\",");

            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4400));

            assertThat(client.said("error").getFirst().path("problem").asString())
                    .isEqualTo("urn:ncw-relay:problem:request-timeout");
            await().untilAsserted(() ->
                    assertThat(delivery.metric("relay.delivery.bodies.bytes")).isZero());
        }
    }

    @Test
    void stalledBody_is408() throws IOException {
        var device = delivery.device();
        var head = "POST /v1/devices/" + device + "/rpc HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer "
                + delivery.token(RunningDelivery.USER)
                + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"message\":";

        var answer = new RawHttp(delivery.port()).send(head.getBytes(StandardCharsets.US_ASCII));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(408);
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:request-timeout");
        assertThat(answer.header("Connection")).isEqualTo("close");
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.delivery.bodies.bytes")).isZero());
    }

    @Test
    void deviceLimit_countsConnectionsOfAllTransports() throws IOException, InterruptedException {
        var device = delivery.device();
        try (var first = open(device).body()) {
            assertThat(first).isNotNull();

            var second = refused(device);
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.header("Retry-After")).isNotEmpty();
            assertThat(second.json().path("type").asString()).endsWith("too-many-connections");
            try (var socket = SocketClient.open(delivery, device, delivery.token(RunningDelivery.USER))) {
                socket.hello(null, null, Map.of());
                await().untilAsserted(() -> assertThat(socket.closeCode()).contains(4429));
            }
        }
    }

    @Test
    void namedConnection_atTheDeviceLimit_supersedesItsPrevious() throws IOException {
        var device = delivery.device();
        var path = "/v1/devices/" + device + "/stream?consumer=";
        try (var older = RawConnection.open(delivery).get(path + "app");
                var newer = RawConnection.open(delivery);
                var other = RawConnection.open(delivery)) {
            assertThat(older.answer().status()).isEqualTo(200);

            assertThat(newer.get(path + "app").answer().status()).isEqualTo(200);

            older.awaitText("event: superseded");
            await().untilAsserted(() ->
                    assertThat(delivery.metric("relay.subscriptions.active")).isEqualTo(1));
            assertThat(other.get(path + "other").answer().status()).isEqualTo(429);
        }
    }

    @Test
    void nodeLimit_isEnforced() throws IOException, InterruptedException {
        try (var first = open(delivery.device()).body();
                var second = open(delivery.device()).body()) {
            assertThat(first).isNotSameAs(second);

            var third = refused(delivery.device());
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.header("Retry-After")).isNotEmpty();
        }
    }

    /** A stream that is opened by mistake has no end to wait for. */
    private static RunningDelivery.Reply refused(String device) {
        var path = "/v1/devices/" + device + "/stream";
        return delivery.send(delivery.request("GET", path, null, delivery.token(RunningDelivery.USER))
                        .build())
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static HttpResponse<InputStream> open(String device) throws IOException, InterruptedException {
        var path = "/v1/devices/" + device + "/stream";
        var answer = delivery.client()
                .send(
                        delivery.request("GET", path, null, delivery.token(RunningDelivery.USER))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");
        return answer;
    }
}
