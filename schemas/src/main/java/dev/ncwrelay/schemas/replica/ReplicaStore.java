package dev.ncwrelay.schemas.replica;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Where a {@link TopicReplica} puts what it reads. Called by one thread at a time, in the order of each partition. */
@FunctionalInterface
public interface ReplicaStore<T extends SpecificRecord> {

    /**
     * Takes one record. The same record may come again after the topic had to be read from its beginning.
     *
     * @param value what the record holds; null where it removes its key
     * @param at key, headers and coordinates
     */
    void apply(@Nullable T value, ConsumerRecord<String, byte[]> at);
}
