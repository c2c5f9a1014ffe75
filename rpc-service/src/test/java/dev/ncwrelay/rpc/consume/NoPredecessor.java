package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.takeover.Inheritance;
import dev.ncwrelay.rpc.takeover.TakeOver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Partitions that nobody had before. */
final class NoPredecessor {

    static final TakeOver TAKE_OVER = new TakeOver() {
        @Override
        public Map<TopicPartition, Inheritance> of(Set<TopicPartition> partitions) {
            return partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> Inheritance.none()));
        }

        @Override
        public void follow(Map<TopicPartition, Long> from, LateReply found, BooleanSupplier wanted) {
            throw new IllegalStateException("there is nothing to follow");
        }
    };

    private NoPredecessor() {}

    static PartitionAssignment assignment(TopicPartition partition) {
        var assignment = new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {});
        assignment.takenOver(Inheritance.none());
        return assignment;
    }
}
