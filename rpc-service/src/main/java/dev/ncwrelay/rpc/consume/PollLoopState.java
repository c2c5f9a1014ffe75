package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.partition.PartitionAssignment;
import dev.ncwrelay.rpc.partition.PartitionAssignments;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/** How the poll thread is doing, for others to read. */
final class PollLoopState {

    private final Clock clock;

    /** When each partition that is being taken over was first seen so. The poll thread's. */
    private final Map<PartitionAssignment, Instant> takingOverSince = new HashMap<>();

    private volatile Snapshot snapshot;
    private volatile Work work = Work.NONE;

    PollLoopState(Clock clock) {
        this.clock = clock;
        this.snapshot = new Snapshot(false, 0, clock.instant(), null, "not started");
    }

    /**
     * One moment.
     *
     * @param joined whether the group has accepted the consumer
     * @param partitions how many it has; none is right where there are more instances than partitions
     * @param polledAt when it last polled
     * @param sinceHeartbeat how long Kafka's group coordinator had not answered then; null before it ever did
     * @param trouble why nothing can be read, if that is so
     */
    record Snapshot(
            boolean joined,
            int partitions,
            Instant polledAt,
            @Nullable Duration sinceHeartbeat,
            @Nullable String trouble) {}

    /**
     * What is under way.
     *
     * @param oldest age of the oldest request that was read and is not finished
     * @param gap offsets from the position to the last request read, the most of any partition
     * @param loadingHandover partitions not read yet, because it is not known what their owners before left
     * @param takingOverFor for how long that is so of one of them, at the most
     */
    record Work(Duration oldest, long gap, int loadingHandover, Duration takingOverFor) {
        private static final Work NONE = new Work(Duration.ZERO, 0, 0, Duration.ZERO);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Work work() {
        return work;
    }

    void polled(Consumer<?, ?> consumer, PartitionAssignments assignments) {
        snapshot = new Snapshot(
                assignments.hasJoined(),
                assignments.byPartition().size(),
                clock.instant(),
                sinceHeartbeat(consumer),
                null);
        work = work(assignments);
    }

    /** Nothing is read just now, for this reason. */
    void failed(String reason) {
        snapshot = new Snapshot(false, 0, snapshot.polledAt(), null, reason);
        work = Work.NONE;
    }

    private Work work(PartitionAssignments assignments) {
        long now = clock.millis();
        long oldest = now;
        long gap = 0;
        for (var assignment : assignments.byPartition()) {
            oldest = Math.min(oldest, assignment.offsets().oldest().orElse(now));
            gap = Math.max(gap, assignment.offsets().gap());
        }
        var takingOver = assignments.byPartition().stream()
                .filter(PartitionAssignment::isLoadingHandover)
                .toList();
        return new Work(Duration.ofMillis(now - oldest), gap, takingOver.size(), takingOverFor(takingOver));
    }

    private Duration takingOverFor(List<PartitionAssignment> takingOver) {
        var now = clock.instant();
        takingOverSince.keySet().retainAll(takingOver);
        takingOver.forEach(assignment -> takingOverSince.putIfAbsent(assignment, now));
        return takingOverSince.values().stream()
                .map(since -> Duration.between(since, now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** A consumer polls on happily while Kafka is away; only its heartbeat tells. */
    private static @Nullable Duration sinceHeartbeat(Consumer<?, ?> consumer) {
        for (var metric : consumer.metrics().entrySet()) {
            if (metric.getKey().name().equals("last-heartbeat-seconds-ago")
                    && metric.getValue().metricValue() instanceof Double seconds
                    && seconds >= 0) {
                return Duration.ofSeconds(seconds.longValue());
            }
        }
        return null;
    }
}
