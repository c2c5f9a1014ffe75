package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.rpc.partition.HandoverState;
import dev.ncwrelay.rpc.partition.NoPreviousOwner;
import dev.ncwrelay.rpc.partition.PartitionAssignment;
import dev.ncwrelay.rpc.partition.PartitionAssignments;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.time.MutableClock;
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

class PollLoopHealthTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PollLoopState state = new PollLoopState(at(START));
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    private final PartitionAssignments assignments =
            new PartitionAssignments(consumer, Duration.ZERO, NoPreviousOwner::assignment, _ -> {});

    @Test
    void health_isDownBeforeTheGroupIsJoined() {
        assertThat(healthAfter(Duration.ZERO).getDetails()).containsEntry("cause", "not started");

        state.polled(consumer, assignments);

        var health = healthAfter(Duration.ZERO);
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("cause", "not in the consumer group yet");
    }

    /** There may be more instances than partitions. */
    @Test
    void health_isUpInTheGroupWithoutPartitions() {
        assignments.onPartitionsAssigned(List.of());
        state.polled(consumer, assignments);

        assertThat(healthAfter(Duration.ofSeconds(1)))
                .isEqualTo(Health.up()
                        .withDetails(Map.of(
                                "partitions", 0, "partitionsLoading", 0, "inFlight", 0, "millisSincePoll", 1_000L))
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

    /** The other partitions are read, but the requests of this one wait. */
    @Test
    void health_isDownWhenAHandOverTakesTooLong() {
        // Given
        var clock = new MutableClock();
        var taking = new PollLoopState(clock);
        var partition = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);
        var assignment = new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {});
        var assigned = new PartitionAssignments(consumer, Duration.ZERO, _ -> assignment, _ -> {});
        consumer.assign(List.of(partition));
        assigned.onPartitionsAssigned(List.of(partition));

        // When
        taking.polled(consumer, assigned);
        clock.advance(Duration.ofMinutes(2));
        taking.polled(consumer, assigned);
        var during = health(taking, clock);
        assignment.open(HandoverState.none());
        taking.polled(consumer, assigned);

        // Then
        assertThat(during.getStatus()).isEqualTo(Status.DOWN);
        assertThat(during.getDetails())
                .containsEntry("cause", "hand-over state not loaded after 120 s")
                .containsEntry("partitionsLoading", 1);
        assertThat(health(taking, clock).getStatus()).isEqualTo(Status.UP);
    }

    /** The limit applies to each partition, however many hand-overs follow each other. */
    @Test
    void health_isUpDuringConsecutiveHandOvers() {
        // Given
        var clock = new MutableClock();
        var taking = new PollLoopState(clock);
        var assigned = new PartitionAssignments(
                consumer,
                Duration.ZERO,
                partition -> new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {}),
                _ -> {});

        // When
        for (int number = 0; number < 3; number++) {
            var partition = List.of(new TopicPartition(Topics.RPC_REQUESTS.name(), number));
            assigned.dropAll();
            consumer.assign(partition);
            assigned.onPartitionsAssigned(partition);
            taking.polled(consumer, assigned);
            clock.advance(Duration.ofSeconds(45));
        }
        taking.polled(consumer, assigned);

        // Then
        assertThat(health(taking, clock).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void health_showsWhyTheConsumerFailed() {
        state.failed("no such group");

        assertThat(healthAfter(Duration.ZERO).getDetails()).containsEntry("cause", "no such group");
    }

    private Health healthAfter(Duration sincePoll) {
        return health(state, at(START.plus(sincePoll)));
    }

    private static Health health(PollLoopState state, Clock clock) {
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), Runnable::run);
        return new PollLoopHealth(state, dispatch, clock).health();
    }

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }
}
