package dev.ncwrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

class SerialHttpConnectionFactoryTest {

    /** Long enough for the other thread, if it does not wait, to do what must not happen. */
    private static final long WINDOW_MILLIS = 500;

    private final CountDownLatch continued = new CountDownLatch(1);
    private final AtomicBoolean shared = new AtomicBoolean();

    @Test
    void bufferOfAConnection_isNotInThePoolWhileAThreadReadsIntoIt() throws Exception {
        assertThat(responseToALongHead(connector ->
                        Connectors.prepare(connector, 10, Duration.ofSeconds(10), new SimpleMeterRegistry())))
                .startsWith("HTTP/1.1 431 ");

        assertThat(shared).isFalse();
    }

    /** Fails when this version of Jetty no longer needs the factory. */
    @Test
    void jettysOwnFactory_sharesABuffer() throws Exception {
        var _ = responseToALongHead(_ -> {});

        assertThat(shared).isTrue();
    }

    private String responseToALongHead(Consumer<ServerConnector> preparation) throws Exception {
        var server = new Server();
        try (var connector = new TwoReaders(server)) {
            preparation.accept(connector);
            server.addConnector(connector);
            server.start();
            try (var client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
                var head = "GET / HTTP/1.1\r\nHost: any\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
                client.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                client.shutdownOutput();
                return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        } finally {
            server.stop();
        }
    }

    /**
     * The thread that has read the head continues when another reads on, if another does so by then; and the other looks
     * whether its buffer is returned to the pool before it has read.
     */
    private final class TwoReaders extends ServerConnector {

        private TwoReaders(Server server) {
            super(server, 1, 1);
        }

        @Override
        protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            return new SocketChannelEndPoint(channel, selector, key, getScheduler()) {

                private final AtomicReference<Thread> first = new AtomicReference<>();

                @Override
                public int fill(ByteBuffer buffer) throws IOException {
                    if (!first.compareAndSet(null, Thread.currentThread()) && first.get() != Thread.currentThread()) {
                        continued.countDown();
                        shared.compareAndSet(false, isReturned(buffer));
                    }
                    return super.fill(buffer);
                }

                // Called by Jetty when a head is parsed.
                @Override
                public Connection getConnection() {
                    if (first.get() == Thread.currentThread()) {
                        await();
                    }
                    return super.getConnection();
                }
            };
        }

        @SuppressWarnings("ReferenceEquality")
        private boolean isReturned(ByteBuffer buffer) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
            while (System.nanoTime() - deadline < 0) {
                var free = getByteBufferPool().acquire(buffer.capacity(), buffer.isDirect());
                try {
                    if (free.getByteBuffer() == buffer) {
                        return true;
                    }
                } finally {
                    free.release();
                }
                Thread.onSpinWait();
            }
            return false;
        }

        private void await() {
            try {
                var _ = continued.await(WINDOW_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
