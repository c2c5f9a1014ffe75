package dev.ncwrelay.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slow bodies, large bodies, and both; the README has the measurements at full size. */
@Tag("kafka")
class SlowBodiesTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String WEBHOOK = "/webhooks/fireblocks";
    private static final int MEGABYTE = 1024 * 1024;

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static RunningIngress ingress;

    private static final Map<String, String> SIGNATURES = FIREBLOCKS.webhooks().sign("not this body".getBytes(UTF_8));

    private final List<Socket> sockets = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void start() {
        ingress = RunningIngress.start(
                        FIREBLOCKS,
                        SharedStack.get().connection(),
                        "--relay.ingress.http.max-bodies=16MB",
                        "--relay.ingress.http.rate-window=60s",
                        "--relay.ingress.http.forged-delay=100ms")
                .ready();
    }

    @AfterAll
    static void stop() {
        ingress.close();
        FIREBLOCKS.close();
    }

    @AfterEach
    void disconnect() throws IOException {
        threads.shutdownNow();
        for (var socket : sockets) {
            socket.close();
        }
    }

    /** More of them than the server has threads for requests. */
    @Test
    void webhook_isAcceptedWhileManyBodiesAreSlow() throws IOException {
        // Given
        for (int i = 0; i < 400; i++) {
            var slow = connect();
            slow.write(head(1000, SIGNATURES));
            slow.write('{');
        }
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(bodies()).isEqualTo(400));

        // When
        var status = send("d1");

        // Then: it did not wait for them to be ended
        assertThat(status).isEqualTo(200);
        assertThat(bodies()).isEqualTo(400);
    }

    @Test
    void webhook_isAcceptedWhileForgedBodiesExceedTheBudget() throws IOException {
        // Given bodies of more bytes than there is room for, none of them complete
        for (int i = 0; i < 10; i++) {
            var large = connect();
            large.write(head(5 * MEGABYTE, SIGNATURES));
            var _ = CompletableFuture.runAsync(() -> write(large, new byte[4 * MEGABYTE]), threads);
        }
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(metric("relay_ingress_bodies_bytes")).isGreaterThan(8 * MEGABYTE));

        // When, Then
        for (int i = 0; i < 20; i++) {
            assertThat(send("during-" + i)).isEqualTo(200);
        }
        assertThat(metric("relay_ingress_bodies_bytes")).isLessThanOrEqualTo(16 * MEGABYTE);
    }

    @Test
    void webhook_isAcceptedWhileLargeForgedBodiesAreVerified() {
        var body = new byte[5 * MEGABYTE];
        var forged = IntStream.range(0, 20)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> forge(body), threads))
                .toList();

        assertThat(send("d2")).isEqualTo(200);

        assertThat(forged)
                .allSatisfy(answer -> assertThat(answer)
                        .succeedsWithin(TIMEOUT)
                        .asString()
                        .containsAnyOf("HTTP/1.1 401 ", "HTTP/1.1 503 "));
    }

    /** Rejected by its header, before the body is read. */
    @Test
    void body_withAnInvalidSignatureHeader_isNotRead() throws IOException {
        for (var header : List.of("", "no signature", "eyJhbGciOiJub25lIn0..AAAA", anotherKeys())) {
            var connection = connect();
            connection.write(head(5 * MEGABYTE, Map.of("Fireblocks-Webhook-Signature", header)));

            assertThat(answer(sockets.getLast())).as(header).startsWith("HTTP/1.1 401 ");
        }
        await().untilAsserted(
                        () -> assertThat(metric("relay_ingress_bodies_bytes")).isZero());
    }

    /** A good signature, but by a key that Fireblocks does not publish. */
    private static String anotherKeys() {
        try (var other = FakeFireblocks.start()) {
            other.keys().rotate();
            return other.webhooks().sign(new byte[0]).getOrDefault("Fireblocks-Webhook-Signature", "");
        }
    }

    private String forge(byte[] body) {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), ingress.url(WEBHOOK).getPort())) {
            var out = socket.getOutputStream();
            out.write(head(body.length, SIGNATURES));
            try {
                out.write(body);
            } catch (IOException e) {
                // It was answered before all of it was sent.
            }
            return answer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream connect() throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), ingress.url(WEBHOOK).getPort());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        sockets.add(socket);
        return socket.getOutputStream();
    }

    private static void write(OutputStream out, byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            // The service ended it to make room.
        }
    }

    private static byte[] head(int length, Map<String, String> headers) {
        var head = new StringBuilder("POST " + WEBHOOK
                + " HTTP/1.1\r\nHost: any\r\nConnection: close\r\nContent-Length: " + length + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(UTF_8);
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    private static int send(String deviceId) {
        var body = WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL).deviceId(deviceId + "-" + System.nanoTime());
        return FIREBLOCKS
                .webhooks()
                .to(ingress.url(WEBHOOK))
                .send(body.bytes())
                .join()
                .status();
    }

    private static int bodies() {
        return (int) metric("relay_ingress_bodies");
    }

    private static double metric(String name) {
        return ingress.management("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
