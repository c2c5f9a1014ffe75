package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.progress.OffsetTracker;
import dev.ncwrelay.rpc.progress.ProgressText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
 *   <li>A partition that is given up is drained first: nothing new begins, running work has the grace to finish, and
 *       what came of it is committed. Work that the next owner can repeat has less: devices wait for that owner.
 *   <li>A partition that was lost is dropped without a commit: somebody else has it already.
 *   <li>A commit that fails is made again with the next one.
 * </ol>
 */
final class Assignments implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Assignments.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REBALANCE_POLL = Duration.ofMillis(100);

    /** What may be repeated gets this long to end by itself. */
    private static final Duration REPEATABLE_GRACE = Duration.ofSeconds(1);

    /** Between commits that fail and somebody waits for. */
    private static final Duration RETRY = Duration.ofMillis(20);

    private final Consumer<?, ?> consumer;
    private final Duration grace;
    private final Function<TopicPartition, PartitionAssignment> begin;
    private final java.util.function.Consumer<List<PartitionAssignment>> takeOver;
    private final Map<TopicPartition, PartitionAssignment> held = new HashMap<>();
    private boolean joined;
    private long retryAt = System.nanoTime();

    /**
     * @param begin makes the assignment of a partition
     * @param takeOver finds out, without keeping the calling thread, what the owners before left of these
     */
    Assignments(
            Consumer<?, ?> consumer,
            Duration grace,
            Function<TopicPartition, PartitionAssignment> begin,
            java.util.function.Consumer<List<PartitionAssignment>> takeOver) {
        this.consumer = consumer;
        this.grace = grace;
        this.begin = begin;
        this.takeOver = takeOver;
    }

    /** Whether the group has ever told this consumer what it has; that may be nothing. */
    boolean hasJoined() {
        return joined;
    }

    Collection<PartitionAssignment> held() {
        return held.values();
    }

    /** The partitions that may be read. */
    Set<TopicPartition> open() {
        var open = new HashSet<TopicPartition>();
        held.forEach((partition, assignment) -> {
            if (assignment.isOpen()) {
                open.add(partition);
            }
        });
        return open;
    }

    /** The assignment of a partition that records were just polled from. */
    PartitionAssignment of(TopicPartition partition) {
        return Objects.requireNonNull(held.get(partition), () -> "records of " + partition + ", which is not assigned");
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        consumer.pause(partitions);
        var assignments = partitions.stream().map(begin).toList();
        assignments.forEach(assignment -> held.put(assignment.partition(), assignment));
        if (!assignments.isEmpty()) {
            takeOver.accept(assignments);
        }
        say("partitions assigned", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        giveUp(partitions);
        say("partitions revoked", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        drop(partitions);
        say("partitions lost", partitions);
    }

    /** Commits what has changed since the last time, without waiting for Kafka. */
    void commit() {
        commit(_ -> true);
    }

    /** The same, where work waits for it. */
    void commitNotes() {
        if (System.nanoTime() - retryAt >= 0) {
            commit(PartitionAssignment::wantsNote);
        }
    }

    private void commit(Predicate<PartitionAssignment> wanted) {
        var commit = Commit.of(held.values().stream().filter(wanted).toList());
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
        retryAt = System.nanoTime() + RETRY.toNanos();
    }

    /**
     * Gives all partitions up, as {@link #onPartitionsRevoked} does. In the middle of a rebalance Kafka takes no
     * commit, so the rebalance is seen through first; instances that are restarted one by one meet that every time.
     */
    void giveUpAll() {
        drain(held.values());
        long deadline = System.nanoTime() + COMMIT_TIMEOUT.toNanos();
        while (!commitNow(held.values()) && System.nanoTime() < deadline) {
            consumer.pause(consumer.assignment());
            try {
                consumer.poll(REBALANCE_POLL);
            } catch (WakeupException e) {
                log.atDebug().log("woken up while leaving");
            }
        }
        dropAll();
    }

    /** Drops all partitions, as {@link #onPartitionsLost} does. */
    void dropAll() {
        drop(List.copyOf(held.keySet()));
    }

    private void giveUp(Collection<TopicPartition> partitions) {
        var leaving =
                partitions.stream().map(held::get).filter(Objects::nonNull).toList();
        drain(leaving);
        if (!commitNow(leaving)) {
            log.atWarn().log("partitions handed over in a rebalance, finished work may be done again");
        }
        drop(partitions);
    }

    private void drain(Collection<PartitionAssignment> leaving) {
        leaving.forEach(PartitionAssignment::drain);
        try {
            long now = System.nanoTime();
            long until = now + grace.toNanos();
            long repeatableUntil = now + Math.min(grace.toNanos(), REPEATABLE_GRACE.toNanos());
            for (var assignment : leaving) {
                assignment.awaitIdle(repeatableUntil, until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false when Kafka is in a rebalance and takes no commit before its end. */
    private boolean commitNow(Collection<PartitionAssignment> leaving) {
        leaving.forEach(PartitionAssignment::commitFailed);
        var commit = Commit.of(leaving);
        while (!commit.isEmpty()) {
            try {
                consumer.commitSync(commit.offsets(), COMMIT_TIMEOUT);
                commit.succeeded();
                return true;
            } catch (WakeupException e) {
                // Somebody wanted a note; the commit itself is still to be made.
                log.atDebug().log("woken up while committing");
            } catch (RebalanceInProgressException e) {
                return false;
            } catch (KafkaException e) {
                // The next owner does again what could not be committed.
                log.atWarn().addKeyValue("reason", e).log("last commit failed");
                return true;
            }
        }
        return true;
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            var assignment = held.remove(partition);
            if (assignment != null) {
                assignment.close();
            }
        }
    }

    /** What one commit says of each partition. */
    private record Commit(Map<PartitionAssignment, OffsetTracker.Snapshot> snapshots) {

        static Commit of(Collection<PartitionAssignment> assignments) {
            var snapshots = new HashMap<PartitionAssignment, OffsetTracker.Snapshot>();
            for (var assignment : assignments) {
                assignment.uncommitted().ifPresent(snapshot -> snapshots.put(assignment, snapshot));
            }
            return new Commit(snapshots);
        }

        boolean isEmpty() {
            return snapshots.isEmpty();
        }

        Map<TopicPartition, OffsetAndMetadata> offsets() {
            var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
            snapshots.forEach((assignment, snapshot) -> offsets.put(
                    assignment.partition(),
                    new OffsetAndMetadata(snapshot.progress().position(), ProgressText.write(snapshot.progress()))));
            return offsets;
        }

        void succeeded() {
            snapshots.forEach(PartitionAssignment::committed);
        }

        void failed() {
            snapshots.keySet().forEach(PartitionAssignment::commitFailed);
        }
    }

    private static void say(String what, Collection<TopicPartition> partitions) {
        log.atInfo()
                .addKeyValue(
                        "partition",
                        partitions.stream()
                                .map(TopicPartition::partition)
                                .sorted()
                                .toList())
                .log(what);
    }
}
