package dev.ncwrelay.rpc.takeover;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Finds out what the owners before left. */
@FunctionalInterface
public interface TakeOver {

    /**
     * Asks for these partitions of the requests' topic. Blocks; the partitions must belong to the caller, or others
     * go on while they are asked about.
     *
     * @throws RuntimeException when Kafka or the schema registry cannot say; ask again
     */
    Map<TopicPartition, Inheritance> of(Set<TopicPartition> partitions);
}
