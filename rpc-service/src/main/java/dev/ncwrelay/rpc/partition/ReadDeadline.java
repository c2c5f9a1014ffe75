package dev.ncwrelay.rpc.partition;

import java.time.Duration;

/** Deadline for a read that must complete. */
final class ReadDeadline {

    static final Duration POLL = Duration.ofMillis(200);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String what;
    private final long end = System.nanoTime() + TIMEOUT.toNanos();

    ReadDeadline(String what) {
        this.what = what;
    }

    /** @throws IllegalStateException when it has passed */
    void check() {
        if (System.nanoTime() - end > 0) {
            throw new IllegalStateException(what + " could not be read within " + TIMEOUT.toSeconds() + " s");
        }
    }
}
