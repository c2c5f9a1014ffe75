package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;
import java.time.Instant;

/** Where a read begins. */
public sealed interface StartPosition {

    /** After this offset; a gap if events after it were removed. */
    record After(long offset) implements StartPosition {}

    /** At the oldest stored event, whatever was removed before it. */
    record Earliest() implements StartPosition {}

    /**
     * At the oldest stored event; a gap if events may have been removed that were written since this time, when the
     * device was registered.
     */
    record SinceRegistration(Instant registeredAt) implements StartPosition {

        /** Maximum difference of two nodes' clocks. */
        private static final Duration SKEW = Duration.ofMinutes(1);

        /**
         * Events written before this time do not belong to it, whether they are read from a ring or from a mailbox.
         */
        public Instant since() {
            return registeredAt.minus(SKEW);
        }
    }

    /** At the first event written at this time or later; a gap if such an event may have been removed. */
    record Since(Instant time) implements StartPosition {}
}
