package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import java.util.List;

/** Result of reading a device's stream. */
public sealed interface StreamRead {

    /**
     * All events after the position, or the first of them.
     *
     * @param events in the order of the stream, each id once
     * @param next the offset up to which the reader has now seen everything
     * @param more true when there are more events after {@code next}
     */
    record Slice(List<Event> events, long next, boolean more) implements StreamRead {
        public Slice {
            events = List.copyOf(events);
        }
    }

    /**
     * The position is no longer available: events after it may be missing.
     *
     * @param earliest the lowest offset to continue after
     */
    record Lost(PositionLossReason reason, long earliest) implements StreamRead {}

    /** No replica is reachable, or none has read far enough; the read may be retried soon. */
    record Unavailable(String cause) implements StreamRead {}

    /** The device's ownership has ended since the reader began; the reader has no access to the stream any more. */
    record OwnershipEnded() implements StreamRead {}
}
