package dev.ncwrelay.kafka.tail;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Takes what a {@link TopicTail} reads: called by one thread, in the order of each partition. */
@FunctionalInterface
public interface TailListener<T extends SpecificRecord> {

    /**
     * Takes one record. The same record may come again after the partition had to be positioned anew.
     *
     * @param value what the record holds; null where it removes its key
     * @param record key, headers and coordinates
     */
    void read(@Nullable T value, ConsumerRecord<String, byte[]> record);

    /** The partition's reading begins at this offset: at the start, and when the offsets read before are gone. */
    default void positioned(int partition, long offset) {}

    /** This record can never be read and is with the dead letters. */
    default void deadLettered(ConsumerRecord<String, byte[]> record) {}

    /** All that came in one fetch has been given. */
    default void batchCompleted() {}
}
