package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.dispatch.DeviceDispatch;
import dev.ncwrelay.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class LoopHealthTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final LoopState state = new LoopState(at(START));
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    private final Assignments assignments =
            new Assignments(consumer, Duration.ZERO, NoPredecessor::assignment, _ -> {});

    @Test
    void health_isDownBeforeTheGroupHasAnswered() {
        assertThat(healthAfter(Duration.ZERO).getDetails()).containsEntry("cause", "not started");

        state.polled(consumer, assignments);

        var health = healthAfter(Duration.ZERO);
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("cause", "not in the consumer group yet");
    }

    /** There may be more instances than partitions. */
    @Test
    void health_isUpInTheGroupEvenWithoutPartitions() {
        assignments.onPartitionsAssigned(List.of());
        state.polled(consumer, assignments);

        assertThat(healthAfter(Duration.ofSeconds(1)))
                .isEqualTo(Health.up()
                        .withDetails(Map.of("partitions", 0, "takingOver", 0, "inFlight", 0, "millisSincePoll", 1_000L))
                        .build());
    }

    @Test
    void health_isDownWhenPollingHasStopped() {
        var partition = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);
        consumer.assign(List.of(partition));
        assignments.onPartitionsAssigned(List.of(partition));
        state.polled(consumer, assignments);

        assertThat(healthAfter(Duration.ofSeconds(31)).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void health_showsWhyTheConsumerFailed() {
        state.failed("no such group");

        assertThat(healthAfter(Duration.ZERO).getDetails()).containsEntry("cause", "no such group");
    }

    private Health healthAfter(Duration sincePoll) {
        return new LoopHealth(
                        state,
                        new DeviceDispatch(new DeviceDispatch.Bounds(1, 1, 1_000, 1_000_000), Runnable::run),
                        at(START.plus(sincePoll)))
                .health();
    }

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }
}
