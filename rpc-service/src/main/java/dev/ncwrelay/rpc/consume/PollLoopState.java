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

/** State of the poll loop, for health and metrics. */
final class PollLoopState {

    private final Clock clock;

    /** When each partition was first seen loading its hand-over state. For the poll thread only. */
    private final Map<PartitionAssignment, Instant> loadingSince = new HashMap<>();

    private volatile Snapshot snapshot;
    private volatile Work work = Work.NONE;

    PollLoopState(Clock clock) {
        this.clock = clock;
        this.snapshot = new Snapshot(false, 0, clock.instant(), null, "not started");
    }

    /**
     * The state at one moment.
     *
     * @param joined whether the group has accepted the consumer
     * @param partitions how many are assigned; none is normal when there are more instances than partitions
     * @param polledAt when it last polled
     * @param sinceHeartbeat time since the last response of Kafka's group coordinator; null before the first one
     * @param trouble why nothing can be read, or null
     */
    record Snapshot(
            boolean joined,
            int partitions,
            Instant polledAt,
            @Nullable Duration sinceHeartbeat,
            @Nullable String trouble) {}

    /**
     * Work in progress.
     *
     * @param oldest age of the oldest request that was read and is not finished
     * @param gap offsets from the committed offset to the last request read, the maximum of all partitions
     * @param loadingHandover partitions that are not read yet, because their hand-over state is being loaded
     * @param loadingFor the longest time that one of them has been loading
     */
    record Work(Duration oldest, long gap, int loadingHandover, Duration loadingFor) {
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
                assignments.hasJoined(), assignments.all().size(), clock.instant(), sinceHeartbeat(consumer), null);
        work = work(assignments);
    }

    /** Nothing can be read now, for this reason. */
    void failed(String reason) {
        snapshot = new Snapshot(false, 0, snapshot.polledAt(), null, reason);
        work = Work.NONE;
    }

    private Work work(PartitionAssignments assignments) {
        long now = clock.millis();
        long oldest = now;
        long gap = 0;
        for (var assignment : assignments.all()) {
            oldest = Math.min(oldest, assignment.offsets().oldest().orElse(now));
            gap = Math.max(gap, assignment.offsets().gap());
        }
        var loading = assignments.all().stream()
                .filter(PartitionAssignment::isLoadingHandover)
                .toList();
        return new Work(Duration.ofMillis(now - oldest), gap, loading.size(), loadingFor(loading));
    }

    private Duration loadingFor(List<PartitionAssignment> loading) {
        var now = clock.instant();
        loadingSince.keySet().retainAll(loading);
        loading.forEach(assignment -> loadingSince.putIfAbsent(assignment, now));
        return loadingSince.values().stream()
                .map(since -> Duration.between(since, now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** poll() succeeds while Kafka is down; only the heartbeat age shows it. */
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
