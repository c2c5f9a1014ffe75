package dev.ncwrelay.delivery.http.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps reading while a request is held, to detect FIN and RST; Jetty reads only between requests.
 *
 * <ol>
 *   <li>While it watches, it reads what arrives, and runs the action once when the client has closed its side.
 *   <li>Early bytes of the next request are kept and passed to the connection first, in order. At most
 *       {@value #MAX_EARLY_BYTES} are kept; beyond that reading stops, and the client is no longer watched.
 *   <li>HTTP and TLS, the layers above, are not affected.
 * </ol>
 */
final class WatchedEndPoint extends SocketChannelEndPoint {

    private static final int MAX_EARLY_BYTES = 4_096;

    private final Executor executor;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile SelectionKey key;
    private @Nullable ByteBuffer early;
    private @Nullable Runnable gone;

    WatchedEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Executor executor) {
        super(channel, selector, key, scheduler);
        this.key = key;
        this.executor = executor;
    }

    /** Runs the action once, on the executor, when the client closes its side before {@link #unwatch}. */
    void watch(Runnable action) {
        reading.lock();
        try {
            gone = action;
            if (isInputShutdown()) {
                clientGone();
            } else {
                super.needsFillInterest();
            }
        } finally {
            reading.unlock();
        }
    }

    void unwatch() {
        reading.lock();
        try {
            gone = null;
        } finally {
            reading.unlock();
        }
    }

    /** True when the client has closed its side; checks the socket. */
    boolean isGone() {
        reading.lock();
        try {
            if (gone != null && !isFillInterested()) {
                readEarly();
            }
            return isInputShutdown();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public @Nullable Runnable onSelected() {
        boolean readable = (key.readyOps() & SelectionKey.OP_READ) != 0;
        var task = super.onSelected();
        if (!readable) {
            return task;
        }
        reading.lock();
        try {
            // A connection that waits for input itself notices the end.
            if (gone != null && !isFillInterested()) {
                readEarly();
                watchOn();
            }
        } finally {
            reading.unlock();
        }
        // Has no effect unless the connection has asked for input, which may happen concurrently.
        return task;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        reading.lock();
        try {
            var kept = early;
            if (kept == null) {
                return super.fill(buffer);
            }
            int filled = BufferUtil.append(buffer, kept);
            if (!kept.hasRemaining()) {
                early = null;
            }
            watchOn();
            return filled;
        } finally {
            reading.unlock();
        }
    }

    @Override
    protected void needsFillInterest() {
        boolean ready;
        reading.lock();
        try {
            ready = early != null;
        } finally {
            reading.unlock();
        }
        if (ready) {
            // The selector does not report bytes that were already read from the socket.
            executor.execute(() -> getFillInterest().fillable());
        } else {
            super.needsFillInterest();
        }
    }

    @Override
    public void replaceKey(SelectionKey newKey) {
        super.replaceKey(newKey);
        key = newKey;
    }

    private void readEarly() {
        int room = MAX_EARLY_BYTES - (early == null ? 0 : early.remaining());
        if (room == 0) {
            return;
        }
        var bytes = BufferUtil.allocate(room);
        int filled;
        try {
            filled = super.fill(bytes);
        } catch (IOException e) {
            filled = -1;
        }
        if (filled < 0) {
            clientGone();
        } else if (filled > 0) {
            early = joined(early, bytes);
        }
    }

    private void watchOn() {
        boolean full = early != null && early.remaining() == MAX_EARLY_BYTES;
        if (gone != null && !full) {
            super.needsFillInterest();
        }
    }

    private void clientGone() {
        var action = gone;
        gone = null;
        if (action != null) {
            executor.execute(action);
        }
    }

    private static ByteBuffer joined(@Nullable ByteBuffer first, ByteBuffer then) {
        if (first == null) {
            // No larger than its content: it is kept for as long as the request is held.
            return ByteBuffer.allocate(then.remaining()).put(then).flip();
        }
        return ByteBuffer.allocate(first.remaining() + then.remaining())
                .put(first)
                .put(then)
                .flip();
    }
}
