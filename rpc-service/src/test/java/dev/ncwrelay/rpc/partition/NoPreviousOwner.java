package dev.ncwrelay.rpc.partition;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Partitions without a previous owner. */
public final class NoPreviousOwner {

    public static final HandoverReader HANDOVER = new HandoverReader() {
        @Override
        public Map<TopicPartition, HandoverState> load(Set<TopicPartition> partitions) {
            return partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> HandoverState.none()));
        }

        @Override
        public void follow(Map<TopicPartition, Long> from, ReplyListener found, BooleanSupplier wanted) {
            throw new IllegalStateException("there is nothing to follow");
        }
    };

    private NoPreviousOwner() {}

    public static PartitionAssignment assignment(TopicPartition partition) {
        var assignment = new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {});
        assignment.open(HandoverState.none());
        return assignment;
    }
}
