package dev.ncwrelay.channel.wake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Up to where all subscriptions that concern what was read are seen. An event may be read before the subscription that was made
 * before it, but not a minute before.
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

    /** Everything before this offset was read, and all changes of subscriptions that are known were looked at. */
    void reconciled(long position) {
        var now = clock.instant();
        if (newerAt.plus(MARGIN).isBefore(now)) {
            older = newer;
            newer = position;
            newerAt = now;
        }
    }

    /** What is before this offset need not be read again for a subscription that is not seen yet. */
    long safe() {
        return older;
    }
}
