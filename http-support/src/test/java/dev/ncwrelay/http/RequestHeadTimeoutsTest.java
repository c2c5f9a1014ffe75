package dev.ncwrelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestHeadTimeoutsTest {

    private static final HeadLimits LIMITS =
            new HeadLimits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(2));
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final List<Socket> clients = new ArrayList<>();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    @AfterEach
    void stop() throws Exception {
        for (var client : clients) {
            client.close();
        }
        server.stop();
    }

    @Test
    void connection_withASlowHead_isClosedAfterTheTimeout() throws Exception {
        start(100);
        var silent = connect();
        var slow = connect();
        send(slow, "GET / HTTP/1.1\r\nHost: x\r\nSlow: ");

        assertThat(timeUntilClosed(slow, 'x')).isBetween(LIMITS.head(), LIMITS.idle());

        assertThat(isClosed(silent)).isFalse();
        assertThat(closed("head")).isEqualTo(1);
    }

    @Test
    void connection_withASlowSecondHead_isClosedAfterTheTimeout() throws Exception {
        start(100);
        var slow = connect();
        get(slow, "/");

        assertThat(timeUntilClosed(slow, 'x')).isBetween(LIMITS.head(), LIMITS.idle());
        assertThat(closed("head")).isEqualTo(1);
    }

    @Test
    void silentConnection_isClosedAfterTheIdleTimeout() throws Exception {
        start(100);
        var silent = connect();
        awaitConnections(1);

        advance(LIMITS.idle());

        await().atMost(LIMIT).until(() -> isClosed(silent));
        assertThat(closed("idle")).isEqualTo(1);
    }

    @Test
    void silentConnection_isKeptWithoutAnIdleTimeout() {
        var head = new AwaitedHead(0);
        var limits = HeadLimits.of(LIMITS.head(), Duration.ZERO);

        assertThat(head.check(Duration.ofDays(1).toNanos(), 0, limits, false)).isEmpty();
    }

    @Test
    void heldRequest_isNotClosed() throws Exception {
        start(100);
        // Given
        var held = connect();
        var silent = connect();
        send(held, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
        awaitConnections(2);
        await().atMost(LIMIT).until(() -> answer.getNumberOfDependents() == 1);

        // When: the other's end shows that the time was looked at
        advance(Duration.ofHours(1));
        await().atMost(LIMIT).until(() -> isClosed(silent));
        answer.complete(null);

        // Then
        assertThat(status(held)).isEqualTo(200);
        assertThat(get(held, "/")).isEqualTo(200);
    }

    @Test
    void fullServer_closesWaitingConnections_andServesOthers() throws Exception {
        // Given
        start(2);
        var silent = connect();
        var slow = connect();
        send(slow, "GET / HTTP/1.1\r\nHost: x\r\nSlow: ");
        awaitConnections(2);
        // More than an acceptor accepts before it notices the limit.
        var others = List.of(connect(), connect(), connect(), connect());
        for (var other : others) {
            send(other, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        }

        // When
        advance(LIMITS.whenFull());

        // Then
        assertThat(List.of(silent, slow))
                .allSatisfy(client -> await().atMost(LIMIT).until(() -> isClosed(client)));
        for (var other : others) {
            assertThat(status(other)).isEqualTo(200);
            other.close();
        }
        assertThat(closed("full")).isEqualTo(2);
    }

    @Test
    void fullServer_closesConnectionsThatWaitAfterAResponse() throws Exception {
        start(1);
        var kept = connect();
        get(kept, "/");
        var next = connect();
        send(next, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        await().atMost(LIMIT).until(() -> {
            advance(LIMITS.whenFull());
            return isClosed(kept);
        });

        assertThat(status(next)).isEqualTo(200);
        assertThat(closed("full")).isEqualTo(1);
    }

    @Test
    void serverBelowItsLimit_keepsWaitingConnections() throws Exception {
        start(3);
        var kept = connect();
        get(kept, "/");
        var slow = connect();

        advance(LIMITS.whenFull());
        send(slow, "GET / HTTP/1.1\r\nHost: x\r\nSlow: ");
        timeUntilClosed(slow, 'x');

        assertThat(get(kept, "/")).isEqualTo(200);
        assertThat(closed("full")).isZero();
    }

    /** @param connections maximum of connections */
    private void start(int connections) throws Exception {
        connector.setIdleTimeout(Duration.ofHours(1).toMillis());
        RequestHeadTimeouts.addTo(connector, LIMITS, nanos::get, metrics);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(connections, connector));
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                if (request.getHttpURI().getPath().equals("/held")) {
                    var _ = answer.thenRun(callback::succeeded);
                } else {
                    callback.succeeded();
                }
                return true;
            }
        });
        server.start();
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Socket connect() throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        clients.add(client);
        return client;
    }

    private void awaitConnections(int count) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(connector.getConnectedEndPoints()).hasSize(count));
    }

    /** Sends this byte and advances the clock by a second, until the connection is closed. */
    private Duration timeUntilClosed(Socket client, char each) {
        long began = nanos.get();
        await().atMost(LIMIT).until(() -> {
            if (isClosed(client)) {
                return true;
            }
            client.getOutputStream().write(each);
            advance(Duration.ofSeconds(1));
            return false;
        });
        return Duration.ofNanos(nanos.get() - began);
    }

    private static boolean isClosed(Socket client) throws IOException {
        client.setSoTimeout(100);
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static int get(Socket client, String path) throws IOException {
        send(client, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        return status(client);
    }

    /** Reads an answer without a body. */
    private static int status(Socket client) throws IOException {
        client.setSoTimeout((int) LIMIT.toMillis());
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after " + head);
            }
            head.append((char) next);
        }
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private double closed(String reason) {
        var counter = metrics.find("relay.http.connections.closed")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
