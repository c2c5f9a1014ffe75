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
 * Reads one body as it arrives, without a thread while nothing does.
 *
 * <ol>
 *   <li>What is allocated follows what has arrived, not what is announced, and counts in the budget first.
 *   <li>A body whose length is announced ends in an array of that length: it is never in memory twice.
 *   <li>It is read piece by piece, in turn with others; what goes beyond a small body, in the lane of large ones.
 *   <li>After the outcome, further bytes are read and thrown away, so that the answer is not lost in a reset of the
 *       connection (RFC 9112 section 9.6).
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
    private final BodyExecutors lanes;
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

    BodyReader(Request request, int maxBytes, BodyBudget budget, BodyExecutors lanes) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.announced = (int) Math.min(request.getLength(), Integer.MAX_VALUE);
        this.budget = budget;
        this.lanes = lanes;
    }

    /**
     * Starts reading.
     *
     * @param nanos the time, from which the rate counts
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
        // The caller looks at all bodies in turn, and must not write their answers.
        lanes.executor().execute(() -> settle(new BodyResult.Incomplete("the body came too slowly")));
    }

    @Override
    public void evict() {
        settle(new BodyResult.OverBudget());
    }

    /** Lets the memory go, once the body is not needed any more. */
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

    /** Reads the rest and throws it away; completes at its end, which may never come. */
    CompletableFuture<Void> discard() {
        if (!reading) {
            reading = true;
            settle(new BodyResult.OverBudget());
            if (request.getHeaders().contains(HttpHeader.EXPECT)) {
                // The sender waits to be asked for the body, and has its answer instead.
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
                settle(new BodyResult.Incomplete("the body broke off"));
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
        lanes.of(seen).execute(this::advance);
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

    /** Makes room for so many bytes in all; called with the lock held. */
    private boolean ensureCapacity(int needed) {
        if (needed <= bytes.length) {
            return true;
        }
        long grown = Math.max(needed, Math.max(INITIAL_BYTES, (long) bytes.length * GROWTH));
        long limit = announced >= 0 ? announced : maxBytes;
        int capacity = (int) Math.max(needed, Math.min(grown, limit));
        // The first bytes are reserved on starting.
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

    /** Ends with an array of the body's length; false when there is no room for it. Called with the lock held. */
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
