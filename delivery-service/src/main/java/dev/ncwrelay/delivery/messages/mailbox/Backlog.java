package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Reads the part of a device's stream that is older than the ring. Called at the start of a read and answers within
 * seconds; a wait never blocks in it.
 */
public interface Backlog {

    /**
     * Reads one page of the device's events.
     *
     * @param minOffset offset up to which the replica that answers must have read the stream, or the page would leave a
     *     gap; where one replica has not read that far, others are queried
     */
    Read read(String deviceId, From from, long minOffset);

    /** Where a read begins. */
    sealed interface From {

        /** After this offset; a gap if events after it were removed. */
        record After(long offset) implements From {}

        /** At the oldest stored event, whatever was removed before it. */
        record Earliest() implements From {}

        /**
         * At the oldest stored event; a gap if events may have been removed that were written since this time, when the
         * device was registered.
         */
        record SinceRegistration(Instant registeredAt) implements From {

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
        record Since(Instant time) implements From {}
    }

    /** Result of a read. */
    sealed interface Read {

        /**
         * All events, or the first of them.
         *
         * @param events in the order of the stream
         * @param upTo offset up to which the reader has now seen everything
         * @param more true when the replica has more events after {@code upTo}
         */
        record Page(List<Event> events, long upTo, boolean more) implements Read {
            public Page {
                events = List.copyOf(events);
            }
        }

        /**
         * Events after the position were removed.
         *
         * @param trimmed true when the device exceeded its maximum number or size of events, false when their retention
         *     ended
         * @param earliest the lowest offset to continue after
         */
        record Gone(boolean trimmed, long earliest) implements Read {}

        /** No replica is reachable, or none has read far enough; never reported as an empty page. */
        record Unavailable(String cause) implements Read {}
    }
}
