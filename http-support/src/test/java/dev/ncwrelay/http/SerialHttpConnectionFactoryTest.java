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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.junit.jupiter.api.Test;

class SerialHttpConnectionFactoryTest {

    private final CountDownLatch continued = new CountDownLatch(1);
    private final AtomicBoolean shared = new AtomicBoolean();

    @Test
    void bufferOfAConnection_isNotReturnedWhileAThreadReadsIntoIt() throws Exception {
        var response = responseToALongHead(Duration.ofMillis(500), connector -> {
            Connectors.prepare(connector, 10, Duration.ofSeconds(10), new SimpleMeterRegistry());
        });

        assertThat(response).startsWith("HTTP/1.1 431 ");
        assertThat(shared).isFalse();
    }

    /** Fails when this version of Jetty no longer needs the factory. */
    @Test
    void jettysOwnFactory_returnsABufferThatAThreadReadsInto() throws Exception {
        var _ = responseToALongHead(Duration.ofSeconds(30), _ -> {});

        assertThat(shared).isTrue();
    }

    /** @param window how long each of the two threads waits for what the other must not do */
    private String responseToALongHead(Duration window, Consumer<ServerConnector> preparation) throws Exception {
        var server = new Server();
        try (var connector = new TwoReaders(server, window)) {
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
     * The thread that has read the head waits until another reads on, and the other waits, before it reads, until its
     * buffer is returned to the pool.
     */
    private final class TwoReaders extends ServerConnector {

        private final Duration window;

        private TwoReaders(Server server, Duration window) {
            super(server, null, null, new ReturnedBuffers(), 1, 1, new HttpConnectionFactory());
            this.window = window;
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

                // Called by onFillable when bytes have been parsed, and by others.
                @Override
                public Connection getConnection() {
                    var connection = super.getConnection();
                    if (first.get() == Thread.currentThread()
                            && isCalledBy("onFillable")
                            && ((HttpConnection) connection).getParser().isClose()) {
                        await();
                    }
                    return connection;
                }
            };
        }

        private static boolean isCalledBy(String method) {
            return StackWalker.getInstance()
                    .walk(frames -> frames.skip(2).findFirst())
                    .filter(caller -> caller.getMethodName().equals(method))
                    .isPresent();
        }

        private boolean isReturned(ByteBuffer buffer) {
            var pool = (ReturnedBuffers) getByteBufferPool();
            long deadline = System.nanoTime() + window.toNanos();
            while (!pool.returned.contains(buffer) && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            return pool.returned.contains(buffer);
        }

        private void await() {
            try {
                var _ = continued.await(window.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A pool that records which of its buffers are free. */
    private static final class ReturnedBuffers extends ByteBufferPool.Wrapper {

        private final Set<ByteBuffer> returned =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

        private ReturnedBuffers() {
            super(new ArrayByteBufferPool());
        }

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            var buffer = super.acquire(size, direct);
            returned.remove(buffer.getByteBuffer());
            return new RetainableByteBuffer.Wrapper(buffer) {
                @Override
                public boolean release() {
                    var bytes = getByteBuffer();
                    boolean isReturned = super.release();
                    if (isReturned) {
                        returned.add(bytes);
                    }
                    return isReturned;
                }
            };
        }
    }
}
