package dev.ncwrelay.channel.consume;

import java.util.List;
import java.util.function.Predicate;

/** Reads events of a partition again. */
public interface EventSource {

    /**
     * A part of a partition.
     *
     * @param events the events in it that were asked for; what has expired or cannot be decoded is left out
     * @param upTo the offset after it
     */
    record Part(List<ReadEvent> events, long upTo) {
        public Part {
            events = List.copyOf(events);
        }
    }

    /**
     * Reads from an offset on, a bounded part.
     *
     * @param end the offset to stop at
     * @param devices whose events are asked for, by device id
     */
    Part read(int partition, long from, long end, Predicate<String> devices);
}
