package dev.ncwrelay.delivery.messages.feed;

import java.util.List;

/**
 * Events of a device's stream after a position: all of them, or the first.
 *
 * @param events in the order of the stream
 * @param upTo the offset up to which the reader has now seen everything
 * @param more true when there are more events after {@code upTo}
 */
public record Page(List<Event> events, long upTo, boolean more) {
    public Page {
        events = List.copyOf(events);
    }
}
