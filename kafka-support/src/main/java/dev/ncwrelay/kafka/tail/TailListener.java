package dev.ncwrelay.kafka.tail;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Receives the records of a {@link TopicTail}: called by one thread, in the order of each partition. */
@FunctionalInterface
public interface TailListener<T extends SpecificRecord> {

    /**
     * Receives a record. It may be received again after the partition was repositioned.
     *
     * @param value the decoded record; null for a tombstone
     * @param record key, headers and coordinates
     */
    void read(@Nullable T value, ConsumerRecord<String, byte[]> record);

    /** The partition is read from this offset on: at the start, and after offsets were out of range. */
    default void positioned(int partition, long offset) {}

    /** This record is unreadable and was sent to the dead letters. */
    default void deadLettered(ConsumerRecord<String, byte[]> record) {}

    /** All records of a fetch have been passed to {@link #read}. */
    default void batchCompleted() {}
}
