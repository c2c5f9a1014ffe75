package dev.ncwrelay.channel.wake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How far a partition was read a minute ago. What was read before must be read again after a crash: it may be for a subscription
 * that was made before it and was not seen yet.
 */
final class ReadMarks {

    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Clock clock;
    private long older;
    private long newer;
    private Instant newerAt = Instant.MIN;

    /** @param from where all subscriptions were seen */
    ReadMarks(long from, Clock clock) {
        this.clock = clock;
        this.older = from;
        this.newer = from;
    }

    /** Everything before this offset was read now. */
    void read(long position) {
        if (isOver()) {
            older = newer;
            newer = position;
            newerAt = clock.instant();
        }
    }

    /** What was read a minute ago or longer. */
    long safe() {
        return isOver() ? newer : older;
    }

    private boolean isOver() {
        return newerAt.plus(MARGIN).isBefore(clock.instant());
    }
}
