package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is kept of a device's stream beyond the ring. Asked briefly, at the start of a read; nobody waits in it. */
public interface Backlog {

    /**
     * Reads one page.
     *
     * @param minOffset how far the one that answers must have read the stream, or the page leaves a hole; where one
     *     replica has not come so far, others are asked
     */
    Read read(String deviceId, From from, long minOffset);

    /** Where a read begins. */
    sealed interface From {

        /** After this offset; a gap if something after it is gone. */
        record After(long offset) implements From {}

        /** At the oldest event that is kept, whatever is gone. */
        record Earliest() implements From {}

        /**
         * At the oldest event that is kept; a gap if something may be gone that was written since then, which is when
         * the device was registered.
         */
        record SinceRegistration(Instant registeredAt) implements From {

            /** By how much the clocks of two nodes may differ. */
            private static final Duration SKEW = Duration.ofMinutes(1);

            /** What was written before is none of it, whether it is read from a ring or from a mailbox. */
            public Instant since() {
                return registeredAt.minus(SKEW);
            }
        }

        /** At the first event of that time or later; a gap if such a one may be gone. */
        record Since(Instant time) implements From {}
    }

    /** What a read comes to. */
    sealed interface Read {

        /**
         * What is there, or the first part of it.
         *
         * @param events in the order of the stream
         * @param upTo offset up to which the reader has now seen everything
         * @param more true when there is more after {@code upTo} that could have been answered
         */
        record Page(List<Event> events, long upTo, boolean more) implements Read {
            public Page {
                events = List.copyOf(events);
            }
        }

        /**
         * Something after the position is gone.
         *
         * @param trimmed true when the device had more than it may have, false when it was kept long enough
         * @param earliest the lowest offset a reader may claim to have seen
         */
        record Gone(boolean trimmed, long earliest) implements Read {}

        /** Nobody who knows can be asked just now. Never an empty page. */
        record Unavailable(String cause) implements Read {}
    }
}
