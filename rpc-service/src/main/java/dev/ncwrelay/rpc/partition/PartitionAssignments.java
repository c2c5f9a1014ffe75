package dev.ncwrelay.rpc.partition;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one consumer, and their commits. Only the poll thread may call the methods; Kafka calls the
 * listener on it too.
 *
 * <ol>
 *   <li>A new partition is not read before the hand-over state of its previous owner is loaded.
 *   <li>A revoked partition is drained first: no work begins, running work has a moment to finish, and its progress is
 *       committed. Non-repeatable calls that are still running finish here, which the commit records; the others are left
 *       to the next owner. A hand-over is therefore short, however long calls are, and does not hold up the group.
 *   <li>A lost partition is dropped without a commit: it is assigned to another instance already.
 *   <li>A failed commit is retried with the next one, after a second if the permission is missing.
 * </ol>
 */
public final class PartitionAssignments implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(PartitionAssignments.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(3);

    /** The final commit gets more time: without it the next owner must treat marked records as uncertain. */
    private static final Duration FINAL_COMMIT_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration REBALANCE_POLL = Duration.ofMillis(100);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(200);

    /** Running work gets this long to finish; most calls do. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

    /** Between retries of a failed commit that work waits for. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    /** After a commit for which the permission is missing. Kafka's client logs an error for each partition. */
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(1);

    private final Consumer<?, ?> consumer;
    private final Duration drain;
    private final Function<TopicPartition, PartitionAssignment> begin;
    private final java.util.function.Consumer<List<PartitionAssignment>> loadHandover;
    private final Map<TopicPartition, PartitionAssignment> byPartition = new HashMap<>();
    private boolean joined;
    private long retryAt = System.nanoTime();
    private long permittedAt = System.nanoTime();

    /**
     * @param maxDrain how long running work may keep a partition, if that is less than the default
     * @param begin creates the assignment of a partition
     * @param loadHandover loads the hand-over state of these in the background
     */
    public PartitionAssignments(
            Consumer<?, ?> consumer,
            Duration maxDrain,
            Function<TopicPartition, PartitionAssignment> begin,
            java.util.function.Consumer<List<PartitionAssignment>> loadHandover) {
        this.consumer = consumer;
        this.drain = maxDrain.compareTo(DRAIN_TIMEOUT) < 0 ? maxDrain : DRAIN_TIMEOUT;
        this.begin = begin;
        this.loadHandover = loadHandover;
    }

    /** True once the group has assigned partitions, possibly none. */
    public boolean hasJoined() {
        return joined;
    }

    public Collection<PartitionAssignment> all() {
        return byPartition.values();
    }

    /** The partitions that may be read. */
    public Set<TopicPartition> open() {
        var open = new HashSet<TopicPartition>();
        byPartition.forEach((partition, assignment) -> {
            if (assignment.isReadable()) {
                open.add(partition);
            }
        });
        return open;
    }

    /** The assignment of a partition with polled records. */
    public PartitionAssignment of(TopicPartition partition) {
        return Objects.requireNonNull(
                byPartition.get(partition), () -> "records of " + partition + ", which is not assigned");
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        consumer.pause(partitions);
        var assignments = partitions.stream().map(begin).toList();
        assignments.forEach(assignment -> byPartition.put(assignment.partition(), assignment));
        if (!assignments.isEmpty()) {
            loadHandover.accept(assignments);
        }
        log.atInfo().addKeyValue("partition", numbers(partitions)).log("partitions assigned");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        revoke(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        drop(partitions);
        log.atWarn().addKeyValue("partition", numbers(partitions)).log("partitions lost: session timed out");
    }

    /** Commits the changes since the last commit, without waiting for Kafka. */
    public void commit() {
        commit(_ -> true);
    }

    /** As {@link #commit()}, for the partitions whose work waits for a commit. */
    public void commitRequested() {
        if (System.nanoTime() - retryAt >= 0) {
            commit(PartitionAssignment::needsCommit);
        }
    }

    private void commit(Predicate<PartitionAssignment> wanted) {
        if (System.nanoTime() - permittedAt < 0) {
            return;
        }
        var commit = Commit.of(byPartition.values().stream().filter(wanted).toList());
        if (!commit.isEmpty()) {
            consumer.commitAsync(commit.offsets(), (_, failure) -> ended(commit, failure));
        }
    }

    private void ended(Commit commit, Exception failure) {
        if (failure == null) {
            commit.succeeded();
            return;
        }
        boolean isRefused = failure instanceof AuthorizationException;
        (isRefused ? log.atWarn() : log.atInfo()).addKeyValue("reason", failure).log("commit failed, will retry");
        commit.failed();
        retryAt = System.nanoTime() + RETRY_PAUSE.toNanos();
        permittedAt = isRefused ? System.nanoTime() + REFUSED_PAUSE.toNanos() : permittedAt;
    }

    /**
     * Releases all partitions, as {@link #onPartitionsRevoked} does. Kafka accepts no commit during a rebalance, so the
     * rebalance is completed first; a rolling restart meets this each time.
     */
    public void revokeAll() {
        drain(byPartition.values());
        long deadline = System.nanoTime() + FINAL_COMMIT_TIMEOUT.toNanos();
        var end = commitFinal(byPartition.values(), deadline);
        while (end == FinalCommit.IN_REBALANCE && System.nanoTime() < deadline) {
            consumer.pause(consumer.assignment());
            try {
                consumer.poll(REBALANCE_POLL);
            } catch (WakeupException e) {
                log.atDebug().log("woken up while releasing partitions");
            }
            // Partitions assigned in the meantime are not committed: none of their records were read.
            end = commitFinal(byPartition.values(), deadline);
        }
        logRevoked("partitions released on shutdown", byPartition.keySet(), end);
        dropAll();
    }

    /** Drops all partitions, as {@link #onPartitionsLost} does. */
    public void dropAll() {
        drop(List.copyOf(byPartition.keySet()));
    }

    private void revoke(Collection<TopicPartition> partitions) {
        var leaving = partitions.stream()
                .map(byPartition::get)
                .filter(Objects::nonNull)
                .toList();
        drain(leaving);
        var end = commitFinal(leaving, System.nanoTime() + FINAL_COMMIT_TIMEOUT.toNanos());
        logRevoked("partitions revoked", partitions, end);
        drop(partitions);
    }

    private void drain(Collection<PartitionAssignment> leaving) {
        leaving.forEach(PartitionAssignment::drain);
        long began = System.nanoTime();
        try {
            for (var assignment : leaving) {
                assignment.awaitIdle(began + drain.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int running = leaving.stream().mapToInt(PartitionAssignment::handOver).sum();
        log.atInfo()
                .addKeyValue("running", running)
                .addKeyValue(
                        "millis", Duration.ofNanos(System.nanoTime() - began).toMillis())
                .log("partitions drained, in-flight calls finish here");
    }

    /** The result of the commit of revoked partitions. */
    private enum FinalCommit {
        /** Kafka has accepted it. */
        MADE,
        /** Kafka accepts none before the rebalance is complete. */
        IN_REBALANCE,
        /** The next owner reads the previous commit, which does not say which marked calls were made. */
        FAILED
    }

    private FinalCommit commitFinal(Collection<PartitionAssignment> leaving, long deadline) {
        leaving.forEach(PartitionAssignment::commitFailed);
        var commit = Commit.of(leaving);
        while (!commit.isEmpty()) {
            try {
                consumer.commitSync(commit.offsets(), COMMIT_TIMEOUT);
                commit.succeeded();
                return FinalCommit.MADE;
            } catch (WakeupException e) {
                // Woken up for a requested commit; retry this one.
                log.atDebug().log("woken up while committing");
            } catch (RebalanceInProgressException e) {
                return FinalCommit.IN_REBALANCE;
            } catch (CommitFailedException e) {
                log.atWarn().addKeyValue("reason", e).log("final commit rejected, partitions already reassigned");
                return FinalCommit.FAILED;
            } catch (KafkaException e) {
                log.atWarn().addKeyValue("reason", e).log("final commit failed");
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    return FinalCommit.FAILED;
                }
                LockSupport.parkNanos(FAILURE_PAUSE.toNanos());
            }
        }
        return FinalCommit.MADE;
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            var assignment = byPartition.remove(partition);
            if (assignment != null) {
                assignment.close();
            }
        }
    }

    private static void logRevoked(String what, Collection<TopicPartition> partitions, FinalCommit commit) {
        (commit == FinalCommit.MADE ? log.atInfo() : log.atWarn())
                .addKeyValue("partition", numbers(partitions))
                .addKeyValue("outcome", commit)
                .log(what);
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }
}
