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
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one consumer, and their commits. All methods are the poll thread's, which Kafka calls the listener
 * on too.
 *
 * <ol>
 *   <li>A new partition is not read before it is known what its owner before left.
 *   <li>A partition that is given up is drained first: nothing new begins, running work has a moment to finish, and
 *       what came of it is committed. What still runs then is finished here if it must not be done twice, which the
 *       commit says; the rest is for the next owner. So a hand-over takes a moment, however long calls are, and nobody
 *       in the group waits for it.
 *   <li>A partition that was lost is dropped without a commit: somebody else has it already.
 *   <li>A commit that fails is made again with the next one.
 * </ol>
 */
public final class PartitionAssignments implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(PartitionAssignments.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(3);

    /** The last commit is worth more: without it, marks say that work may have begun that has not. */
    private static final Duration FINAL_COMMIT_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration REBALANCE_POLL = Duration.ofMillis(100);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(200);

    /** Work gets this long to end by itself; most calls do. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

    /** Between commits that fail and somebody waits for. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    private final Consumer<?, ?> consumer;
    private final Duration drain;
    private final Function<TopicPartition, PartitionAssignment> begin;
    private final java.util.function.Consumer<List<PartitionAssignment>> loadHandover;
    private final Map<TopicPartition, PartitionAssignment> byPartition = new HashMap<>();
    private boolean joined;
    private long retryAt = System.nanoTime();

    /**
     * @param maxDrain how long running work may keep a partition, if that is less than usual
     * @param begin makes the assignment of a partition
     * @param takeOver finds out, without keeping the calling thread, what the owners before left of these
     */
    public PartitionAssignments(
            Consumer<?, ?> consumer,
            Duration maxDrain,
            Function<TopicPartition, PartitionAssignment> begin,
            java.util.function.Consumer<List<PartitionAssignment>> takeOver) {
        this.consumer = consumer;
        this.drain = maxDrain.compareTo(DRAIN_TIMEOUT) < 0 ? maxDrain : DRAIN_TIMEOUT;
        this.begin = begin;
        this.loadHandover = takeOver;
    }

    /** Whether the group has ever told this consumer what it has; that may be nothing. */
    public boolean hasJoined() {
        return joined;
    }

    public Collection<PartitionAssignment> byPartition() {
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

    /** The assignment of a partition that records were just polled from. */
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
        log.atWarn()
                .addKeyValue("partition", numbers(partitions))
                .log("partitions lost, others have them already: Kafka has not heard from this instance in time");
    }

    /** Commits what has changed since the last time, without waiting for Kafka. */
    public void commit() {
        commit(_ -> true);
    }

    /** The same, where work waits for it. */
    public void commitRequested() {
        if (System.nanoTime() - retryAt >= 0) {
            commit(PartitionAssignment::needsCommit);
        }
    }

    private void commit(Predicate<PartitionAssignment> wanted) {
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
        log.atInfo().addKeyValue("reason", failure).log("commit failed, to be made again");
        commit.failed();
        retryAt = System.nanoTime() + RETRY_PAUSE.toNanos();
    }

    /**
     * Gives all partitions up, as {@link #onPartitionsRevoked} does. In the middle of a rebalance Kafka takes no
     * commit, so the rebalance is seen through first; instances that are restarted one by one meet that every time.
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
                log.atDebug().log("woken up while leaving");
            }
            // Of partitions that came meanwhile nothing was read, so of them nothing is said.
            end = commitFinal(byPartition.values(), deadline);
        }
        logRevoked("partitions given up at the end", byPartition.keySet(), end);
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
        logRevoked("partitions given up", partitions, end);
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
                .log("partitions drained, running calls are finished here");
    }

    /** What became of the commit with which partitions are given up. */
    private enum FinalCommit {
        /** On Kafka. */
        MADE,
        /** Kafka takes none before the rebalance is over. */
        IN_REBALANCE,
        /** The next owner knows what the commit before says: it cannot tell what was marked from what was begun. */
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
                // Somebody wanted a note; the commit itself is still to be made.
                log.atDebug().log("woken up while committing");
            } catch (RebalanceInProgressException e) {
                return FinalCommit.IN_REBALANCE;
            } catch (CommitFailedException e) {
                log.atWarn()
                        .addKeyValue("reason", e)
                        .log("last commit refused, the group has given the partitions away");
                return FinalCommit.FAILED;
            } catch (KafkaException e) {
                log.atWarn().addKeyValue("reason", e).log("last commit failed");
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
