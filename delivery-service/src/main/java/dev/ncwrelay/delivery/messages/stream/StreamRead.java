package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import java.util.List;

/** What a consumer is given. */
public sealed interface StreamRead {

    /**
     * All that is there, or the first part of it.
     *
     * @param events in the order of the stream, each id once
     * @param next the offset up to which the reader has now seen everything
     * @param more true when there is more after {@code next}
     */
    record Slice(List<Event> events, long next, boolean more) implements StreamRead {
        public Slice {
            events = List.copyOf(events);
        }
    }

    /**
     * Something after the position is gone.
     *
     * @param earliest the lowest offset a reader may claim to have seen
     */
    record Lost(PositionLossReason reason, long earliest) implements StreamRead {}

    /** Nobody who holds it can be asked just now; the same read is good again soon. */
    record Unavailable(String cause) implements StreamRead {}

    /** The device has changed hands since the reader began: nothing of its stream is the reader's any more. */
    record OwnershipEnded() implements StreamRead {}
}
