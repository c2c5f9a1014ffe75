package dev.ncwrelay.delivery.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all bodies, and messages of sockets, that are being read. Large bodies get three quarters of it, so that they never
 * keep small ones, which nearly all are, from being read.
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
     * Takes so many bytes more for one body.
     *
     * @param held bytes that this body has taken before
     * @return false if there is no room for them; then nothing is taken
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

    /** Bytes that are taken now. */
    public long used() {
        return used.get();
    }
}
