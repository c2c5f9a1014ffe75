package dev.ncwrelay.delivery.feed;

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
     * The position is older than what is held here: something may be missing after it.
     *
     * @param earliest the oldest offset a reader may claim to have seen
     */
    record TooOld(long earliest) implements FeedRead {}
}
