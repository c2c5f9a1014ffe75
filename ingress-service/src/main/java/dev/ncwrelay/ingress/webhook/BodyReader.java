package dev.ncwrelay.ingress.webhook;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a body as it arrives, without a thread while no bytes are available.
 *
 * <ol>
 *   <li>Allocation depends on the bytes received, not on the announced length, and is reserved in the budget first.
 *   <li>A body with an announced length ends in an array of that length and is never in memory twice.
 *   <li>It is read in pieces, alternating with other bodies; the part beyond a small body on the executor of large bodies.
 *   <li>After the outcome, further bytes are read and discarded, so that a reset of the connection does not destroy the
 *       response (RFC 9112 section 9.6).
 * </ol>
 */
final class BodyReader implements BodyBudget.Holder {

    private static final int INITIAL_BYTES = 4096;
    private static final int GROWTH = 4;
    private static final int MAX_BYTES_PER_TURN = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final Request request;
    private final int maxBytes;
    private final int announced;
    private final BodyBudget budget;
    private final BodyExecutors executors;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final CompletableFuture<BodyResult> received = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] bytes = NOTHING;
    private int length;
    private long windowStart;
    private long windowBytes;
    private long seen;
    private boolean reading;

    BodyReader(Request request, int maxBytes, BodyBudget budget, BodyExecutors executors) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.announced = (int) Math.min(request.getLength(), Integer.MAX_VALUE);
        this.budget = budget;
        this.executors = executors;
    }

    /**
     * Starts reading.
     *
     * @param nanos the time from which the rate is measured
     */
    CompletableFuture<BodyResult> read(long nanos) {
        windowStart = nanos;
        reading = true;
        if (budget.open(this, INITIAL_BYTES)) {
            advance();
        } else {
            settle(new BodyResult.OverBudget());
        }
        return received;
    }

    @Override
    public void requireRate(long nanos, long windowNanos, long minBytes) {
        lock.lock();
        try {
            if (settled.get() || nanos - windowStart < windowNanos) {
                return;
            }
            if (windowBytes >= minBytes) {
                windowStart = nanos;
                windowBytes = 0;
                return;
            }
        } finally {
            lock.unlock();
        }
        // The caller checks all bodies in turn and must not write responses.
        executors.executor().execute(() -> settle(new BodyResult.Incomplete("the body was sent too slowly")));
    }

    @Override
    public void evict() {
        settle(new BodyResult.OverBudget());
    }

    /** Frees the memory of a body that is no longer needed. */
    void free() {
        budget.end(this);
        lock.lock();
        try {
            bytes = NOTHING;
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** Reads and discards the rest; completes at its end, which may never be received. */
    CompletableFuture<Void> discard() {
        if (!reading) {
            reading = true;
            settle(new BodyResult.OverBudget());
            if (request.getHeaders().contains(HttpHeader.EXPECT)) {
                // The sender waits for 100 Continue and has the final response instead.
                ended.complete(null);
            } else {
                advance();
            }
        }
        return ended;
    }

    private void advance() {
        long pause = seen + MAX_BYTES_PER_TURN;
        while (seen < pause) {
            var chunk = request.read();
            if (chunk == null) {
                request.demand(seen > BodyBudget.MAX_SMALL_BYTES ? this::advanceOnExecutor : this::advance);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                settle(new BodyResult.Incomplete("the body is incomplete"));
                ended.complete(null);
                return;
            }
            boolean last = chunk.isLast();
            seen += chunk.remaining();
            take(chunk.getByteBuffer());
            chunk.release();
            if (last) {
                ended.complete(null);
                finish();
                return;
            }
        }
        advanceOnExecutor();
    }

    private void advanceOnExecutor() {
        executors.of(seen).execute(this::advance);
    }

    private void take(ByteBuffer chunk) {
        BodyResult refusal;
        lock.lock();
        try {
            if (settled.get()) {
                return;
            }
            int more = chunk.remaining();
            refusal = more > maxBytes - length
                    ? new BodyResult.TooLarge()
                    : ensureCapacity(length + more) ? null : new BodyResult.OverBudget();
            if (refusal == null) {
                chunk.get(bytes, length, more);
                length += more;
                windowBytes += more;
                return;
            }
        } finally {
            lock.unlock();
        }
        settle(refusal);
    }

    /** Ensures a capacity of this many bytes; called with the lock held. */
    private boolean ensureCapacity(int needed) {
        if (needed <= bytes.length) {
            return true;
        }
        long grown = Math.max(needed, Math.max(INITIAL_BYTES, (long) bytes.length * GROWTH));
        long limit = announced >= 0 ? announced : maxBytes;
        int capacity = (int) Math.max(needed, Math.min(grown, limit));
        // The first bytes are already reserved.
        if (!budget.reserve(this, bytes.length == 0 ? Math.max(0, capacity - INITIAL_BYTES) : capacity)) {
            return false;
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, capacity);
        budget.release(this, before);
        return true;
    }

    private void finish() {
        BodyResult outcome;
        lock.lock();
        try {
            if (settled.get()) {
                return;
            }
            outcome = trimToLength() && budget.complete(this)
                    ? new BodyResult.Complete(bytes)
                    : new BodyResult.OverBudget();
            bytes = NOTHING;
        } finally {
            lock.unlock();
        }
        settle(outcome);
    }

    /** Copies the body to an array of its length; false when the budget is exhausted. Called with the lock held. */
    private boolean trimToLength() {
        if (length == bytes.length) {
            return true;
        }
        if (!budget.reserve(this, length)) {
            return false;
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, length);
        budget.release(this, before);
        return true;
    }

    private void settle(BodyResult outcome) {
        if (settled.compareAndSet(false, true)) {
            if (!(outcome instanceof BodyResult.Complete)) {
                free();
            }
            received.complete(outcome);
        }
    }
}
