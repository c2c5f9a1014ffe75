package dev.ncwrelay.delivery.messages.subscription;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses between reads while a dependency is unavailable, up to a timeout. Used by one thread at a time. */
final class UnavailableRetry {

    /** How long a dependency may be unavailable before the client is asked to reconnect, to another node. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final int MIN_PAUSE_MILLIS = 200;
    private static final int MAX_PAUSE_MILLIS = 800;

    private volatile long unavailableSince;

    /** Everything is available. */
    void reset() {
        unavailableSince = 0;
    }

    /** Pauses for a random time before the next read; false, without a pause, once the timeout has passed. */
    boolean pause() throws InterruptedException {
        long now = System.nanoTime();
        unavailableSince = unavailableSince == 0 ? now : unavailableSince;
        if (now - unavailableSince > TIMEOUT.toNanos()) {
            return false;
        }
        Thread.sleep(ThreadLocalRandom.current().nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
        return true;
    }
}
