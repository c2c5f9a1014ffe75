package dev.ncwrelay.rpc.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one consumer, and their commits. All methods are the poll thread's, which Kafka calls the listener
 * on too.
 *
 * <ol>
 *   <li>A partition that is given up is drained first: nothing new begins, running work has the grace to finish, what
 *       is finished is committed.
 *   <li>A partition that was lost is dropped without a commit: somebody else has it already.
 *   <li>A commit that fails is made again with the next one.
 * </ol>
 */
final class Assignments implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Assignments.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration REBALANCE_POLL = Duration.ofMillis(100);

    private final Consumer<?, ?> consumer;
    private final Duration grace;
    private final Map<TopicPartition, PartitionAssignment> held = new HashMap<>();
    private boolean joined;

    Assignments(Consumer<?, ?> consumer, Duration grace) {
        this.consumer = consumer;
        this.grace = grace;
    }

    /** Whether the group has ever told this consumer what it has; that may be nothing. */
    boolean hasJoined() {
        return joined;
    }

    int size() {
        return held.size();
    }

    /** The assignment of a partition that records were just polled from. */
    PartitionAssignment of(TopicPartition partition) {
        return Objects.requireNonNull(held.get(partition), () -> "records of " + partition + ", which is not assigned");
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        partitions.forEach(partition -> held.put(partition, new PartitionAssignment(partition)));
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

    /** Commits what has been finished since the last time, without waiting for Kafka. */
    void commit() {
        var offsets = uncommitted(held.values());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, this::committed);
        }
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
            consumer.poll(REBALANCE_POLL);
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
            long deadline = System.nanoTime() + grace.toNanos();
            for (var assignment : leaving) {
                assignment.awaitIdle(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false when Kafka is in a rebalance and takes no commit before its end. */
    private boolean commitNow(Collection<PartitionAssignment> leaving) {
        leaving.forEach(PartitionAssignment::commitFailed);
        var offsets = uncommitted(leaving);
        try {
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, COMMIT_TIMEOUT);
            }
            return true;
        } catch (RebalanceInProgressException e) {
            return false;
        } catch (KafkaException e) {
            // The next owner does again what could not be committed.
            log.atWarn().addKeyValue("reason", e).log("last commit failed");
            return true;
        }
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            var assignment = held.remove(partition);
            if (assignment != null) {
                assignment.close();
            }
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
        if (failure == null) {
            return;
        }
        log.atInfo().addKeyValue("reason", failure).log("commit failed, to be made again");
        for (var partition : offsets.keySet()) {
            var assignment = held.get(partition);
            if (assignment != null) {
                assignment.commitFailed();
            }
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> uncommitted(Collection<PartitionAssignment> assignments) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var assignment : assignments) {
            assignment
                    .uncommitted()
                    .ifPresent(offset -> offsets.put(assignment.partition(), new OffsetAndMetadata(offset)));
        }
        return offsets;
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
