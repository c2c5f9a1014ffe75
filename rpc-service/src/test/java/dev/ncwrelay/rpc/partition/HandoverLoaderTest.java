package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** An error in a hand-over reaches its thread, which ends the process; otherwise the partition would stay unread. */
class HandoverLoaderTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);
    private static final HandoverState IN_DOUBT = new HandoverState(
            new PartitionProgress(0, List.of(new OffsetRange(0, 1, OffsetState.RUNNING))), Map.of(), 0);

    private final PartitionAssignment assignment = new PartitionAssignment(PARTITION, Duration.ofMinutes(2), () -> {});

    @Test
    void errorInAHandOver_isNotCaught() {
        assertThatThrownBy(() -> find(false)).isInstanceOf(LinkageError.class);

        assertThat(assignment.isLoadingHandover()).isTrue();
    }

    @Test
    void errorInFollowingReplies_isNotCaught() {
        assertThatThrownBy(() -> find(true)).isInstanceOf(LinkageError.class);

        assertThat(assignment.hasUncertain()).isTrue();
    }

    private void find(boolean known) {
        new HandoverLoader(new Failing(known), Runnable::run).load(List.of(assignment), () -> {});
    }

    private record Failing(boolean known) implements HandoverReader {
        @Override
        public Map<TopicPartition, HandoverState> load(Set<TopicPartition> partitions) {
            if (known) {
                return Map.of(PARTITION, IN_DOUBT);
            }
            throw new LinkageError("injected");
        }

        @Override
        public void follow(Map<TopicPartition, Long> from, ReplyListener found, BooleanSupplier wanted) {
            throw new LinkageError("injected");
        }
    }
}
