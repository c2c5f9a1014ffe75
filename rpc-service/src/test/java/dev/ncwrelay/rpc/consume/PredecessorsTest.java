package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.rpc.progress.Fate;
import dev.ncwrelay.rpc.progress.Progress;
import dev.ncwrelay.rpc.progress.Run;
import dev.ncwrelay.rpc.takeover.Inheritance;
import dev.ncwrelay.rpc.takeover.TakeOver;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** An error in a take-over is left to its thread, which ends the process: nobody would take the partition over. */
class PredecessorsTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);
    private static final Inheritance IN_DOUBT =
            new Inheritance(new Progress(0, List.of(new Run(0, 1, Fate.RUNNING))), Map.of(), 0);

    private final PartitionAssignment assignment = new PartitionAssignment(PARTITION, Duration.ofMinutes(2), () -> {});

    @Test
    void errorInATakeOver_isNotCaught() {
        assertThatThrownBy(() -> find(false)).isInstanceOf(LinkageError.class);

        assertThat(assignment.isTakingOver()).isTrue();
    }

    @Test
    void errorInFollowingReplies_isNotCaught() {
        assertThatThrownBy(() -> find(true)).isInstanceOf(LinkageError.class);

        assertThat(assignment.isInDoubt()).isTrue();
    }

    private void find(boolean known) {
        new Predecessors(new Failing(known), Runnable::run).find(List.of(assignment), () -> {});
    }

    private record Failing(boolean known) implements TakeOver {
        @Override
        public Map<TopicPartition, Inheritance> of(Set<TopicPartition> partitions) {
            if (known) {
                return Map.of(PARTITION, IN_DOUBT);
            }
            throw new LinkageError("injected");
        }

        @Override
        public void follow(Map<TopicPartition, Long> from, LateReply found, BooleanSupplier wanted) {
            throw new LinkageError("injected");
        }
    }
}
