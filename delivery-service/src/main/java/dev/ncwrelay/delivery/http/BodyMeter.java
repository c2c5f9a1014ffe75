package dev.ncwrelay.delivery.http;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import java.util.function.LongSupplier;

/**
 * Counts the bytes of one body as they arrive, and rejects it when it is too large, too slow, or exceeds the memory for
 * bodies. Its bytes count until it is closed. For one thread at a time.
 */
public final class BodyMeter implements AutoCloseable {

    private final HttpSettings settings;
    private final BodyBudget budget;
    private final LongSupplier nanoTime;
    private long windowBegan;
    private long readBefore;
    private long read;

    /** Creates it; the rate window of the body begins now. */
    public BodyMeter(HttpSettings settings, BodyBudget budget, LongSupplier nanoTime) {
        this.settings = settings;
        this.budget = budget;
        this.nanoTime = nanoTime;
        begin();
    }

    /** Restarts the rate window. */
    void begin() {
        windowBegan = nanoTime.getAsLong();
        readBefore = read;
    }

    /**
     * Counts bytes that have arrived.
     *
     * @throws FailureException when the body is refused
     */
    public void count(int more) {
        long max = settings.maxBody().toBytes();
        if (read + more > max) {
            throw new Failure.BodyTooLarge(max).exception();
        }
        if (!budget.reserve(read, more)) {
            throw new Failure.Unavailable("too many request bodies in memory").exception();
        }
        read += more;
        requireRate();
    }

    /**
     * Checks the rate, also when nothing has arrived.
     *
     * @throws FailureException when too little came in the window that has ended
     */
    public void requireRate() {
        long now = nanoTime.getAsLong();
        var window = settings.rateWindow();
        if (now - windowBegan < window.toNanos()) {
            return;
        }
        if ((read - readBefore) * 1_000 < settings.minRate().toBytes() * window.toMillis()) {
            throw new Failure.BodyTooSlow().exception();
        }
        begin();
    }

    /** Releases the bytes of the body. */
    @Override
    public void close() {
        budget.release(read);
        read = 0;
    }
}
