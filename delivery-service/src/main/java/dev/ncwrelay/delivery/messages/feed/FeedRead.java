package dev.ncwrelay.delivery.messages.feed;

import java.util.List;

/** What a device's stream holds after a position. */
public sealed interface FeedRead {

    /**
     * All that is there, or the first part of it.
     *
     * @param events in the order of the stream
     * @param next the offset up to which the reader has now seen everything
     * @param more true when there is more after {@code next}
     */
    record Slice(List<Event> events, long next, boolean more) implements FeedRead {
        public Slice {
            events = List.copyOf(events);
        }
    }

    /**
     * What comes after the position is not known well enough here: something may be missing, or have been had before.
     *
     * @param earliest the lowest offset after which it is
     */
    record TooOld(long earliest) implements FeedRead {}
}
