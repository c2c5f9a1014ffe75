package dev.ncwrelay.delivery.messages.feed;

import java.util.List;

/** Result of reading a device's events from the ring. */
public sealed interface FeedRead {

    /**
     * All events after the position, or the first of them.
     *
     * @param events in the order of the stream
     * @param next the offset up to which the reader has now seen everything
     * @param more true when there are more events after {@code next}
     */
    record Slice(List<Event> events, long next, boolean more) implements FeedRead {
        public Slice {
            events = List.copyOf(events);
        }
    }

    /**
     * The ring cannot serve the position: events after it may have been evicted, or may be repetitions.
     *
     * @param earliest the lowest offset after which the ring can serve
     */
    record TooOld(long earliest) implements FeedRead {}
}
