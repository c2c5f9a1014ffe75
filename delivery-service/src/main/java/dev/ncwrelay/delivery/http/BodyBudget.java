package dev.ncwrelay.delivery.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes of all request bodies and WebSocket messages that are being read. Large bodies share three quarters
 * of it, so that small ones, which are nearly all, can always be read.
 */
public final class BodyBudget {

    /** A body of more bytes is large. */
    static final long MAX_SMALL_BYTES = 256L * 1024;

    private final long max;
    private final AtomicLong used = new AtomicLong();

    public BodyBudget(long max) {
        this.max = max;
    }

    /**
     * Reserves further bytes for one body.
     *
     * @param held bytes that this body has reserved before
     * @return false if the limit is reached; then nothing is reserved
     */
    boolean reserve(long held, long more) {
        long limit = held + more > MAX_SMALL_BYTES ? max - max / 4 : max;
        if (used.addAndGet(more) <= limit) {
            return true;
        }
        used.addAndGet(-more);
        return false;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes that are reserved now. */
    public long used() {
        return used.get();
    }
}
