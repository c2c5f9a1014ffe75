package dev.ncwrelay.client;

import java.time.Duration;

/**
 * How long to wait before the next attempt: exponential, with full jitter, so that clients which lost the same node do not
 * return together. For one thread.
 */
final class Backoff {

    private static final long BASE_MILLIS = 500;
    private static final long MAX_MILLIS = 30_000;
    /** From here on the maximum is reached. */
    private static final int MAX_ATTEMPTS = 6;

    private final Timing timing;
    private int attempts;

    Backoff(Timing timing) {
        this.timing = timing;
    }

    Duration next() {
        long ceiling = Math.min(MAX_MILLIS, BASE_MILLIS << attempts);
        attempts = Math.min(MAX_ATTEMPTS, attempts + 1);
        return Duration.ofMillis((long) (timing.random() * ceiling));
    }

    /** The next wait is as short as the first. */
    void reset() {
        attempts = 0;
    }
}
