package dev.ncwrelay.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that do not read. */
@Tag("kafka")
class SlowConsumerTest {

    /** Of 200 kB each: more than the buffers of a connection hold. */
    private static final int EVENTS = 40;

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start("relay.delivery.live.undrained=1s");
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @BeforeEach
    void awaitRest() {
        delivery.atRest();
    }

    @Test
    void unreadStream_isClosed_andContinuesFromItsCursor() throws IOException {
        var device = delivery.device();
        double before = slowEnds();
        var ids = IntStream.range(0, EVENTS).mapToObj(one -> "event-" + one).toList();
        var large = "\"" + "x".repeat(200_000) + "\"";
        try (var socket = connection()) {
            socket.getOutputStream().write(request(device));
            delivery.awaitHeld(1);

            ids.forEach(id -> delivery.publish(device, id, large));

            awaitSlowEnds(before + 1);
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

    @Test
    void unreadWebSocket_isDisconnected() throws IOException {
        var device = delivery.device();
        var large = "\"" + "x".repeat(200_000) + "\"";
        double before = slowEnds();
        var connections = delivery.metric("jetty.connections.current");
        try (var socket = connection()) {
            socket.getOutputStream()
                    .write(("GET /v1/devices/" + device + "/ws HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer "
                                    + delivery.token(RunningDelivery.USER)
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                                    + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
                                    + "\r\nSec-WebSocket-Protocol: ncw.relay.v1+json\r\n\r\n")
                            .getBytes(UTF_8));
            socket.getOutputStream().write(masked("{\"type\":\"hello\"}"));
            delivery.awaitHeld(1);
            assertThat(delivery.metric("jetty.connections.current")).isEqualTo(connections + 1);

            IntStream.range(0, EVENTS).forEach(one -> delivery.publish(device, "event-" + one, large));

            awaitSlowEnds(before + 1);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(delivery.metric("jetty.connections.current"))
                            .isEqualTo(connections));
        }
    }

    @Test
    void sendingStream_endsOnShutdown() throws IOException {
        var device = delivery.device();
        var large = "\"" + "x".repeat(200_000) + "\"";
        try (var socket = connection()) {
            socket.getOutputStream().write(request(device));
            delivery.awaitHeld(1);
            IntStream.range(0, EVENTS).forEach(one -> delivery.publish(device, "event-" + one, large));
            delivery.awaitHeld(0);

            delivery.stop();

            socket.setSoTimeout(60_000);
            assertThat(endOf(socket.getInputStream())).isTrue();
        }
    }

    /** An end is counted a moment before the subscription is forgotten. */
    private static void awaitSlowEnds(double count) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(slowEnds()).isEqualTo(count));
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.subscriptions.active")).isZero());
    }

    private static double slowEnds() {
        return delivery.metric("relay.subscriptions", "result", "client_slow");
    }

    private static boolean endOf(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** A connection that accepts few bytes before they are read. */
    private static Socket connection() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), delivery.port()));
        return socket;
    }

    private static byte[] request(String device) {
        return ("GET /v1/devices/" + device + "/stream HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer "
                        + delivery.token(RunningDelivery.USER) + "\r\n\r\n")
                .getBytes(UTF_8);
    }

    /** A text frame of a client (RFC 6455 section 5.2), shorter than 126 bytes; zeros mask nothing. */
    static byte[] masked(String text) {
        var bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocate(6 + bytes.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | bytes.length))
                .putInt(0)
                .put(bytes)
                .array();
    }
}
