package dev.ncwrelay.channel.forward;

import java.util.List;

/** Reads events of a partition again. */
interface EventSource {

    /**
     * A part of a partition.
     *
     * @param events the events in it; what has expired or cannot be decoded is left out
     * @param upTo the offset after it
     */
    record Part(List<ForwardedEvent> events, long upTo) {
        public Part {
            events = List.copyOf(events);
        }
    }

    /**
     * Reads from an offset on, a bounded number of events.
     *
     * @param end the offset to stop at, not after the partition's end
     */
    Part read(int partition, long from, long end);
}
