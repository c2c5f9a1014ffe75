package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.takeover.Inheritance;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/** Partitions that nobody had before. */
final class NoPredecessor {

    private NoPredecessor() {}

    static PartitionAssignment assignment(TopicPartition partition) {
        var assignment = new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {});
        assignment.takenOver(Inheritance.none());
        return assignment;
    }
}
