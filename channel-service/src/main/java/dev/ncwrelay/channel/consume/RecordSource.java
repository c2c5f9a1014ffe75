package dev.ncwrelay.channel.consume;

import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of a partition of the events topic again. */
public interface RecordSource {

    /**
     * A part of a partition.
     *
     * @param records those in it that were asked for; what has expired is left out
     * @param upTo the offset after it
     */
    record Part(List<ConsumerRecord<String, byte[]>> records, long upTo) {
        public Part {
            records = List.copyOf(records);
        }
    }

    /**
     * Reads from an offset on, a bounded part.
     *
     * @param end the offset to stop at
     * @param devices whose records are asked for, by device id
     */
    Part read(int partition, long from, long end, Predicate<String> devices);
}
