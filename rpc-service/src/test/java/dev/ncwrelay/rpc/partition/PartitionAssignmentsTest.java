package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Commits and hand-overs, with Kafka's MockConsumer. */
class PartitionAssignmentsTest {

    private static final TopicPartition ZERO = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);
    private static final TopicPartition ONE = new TopicPartition(Topics.RPC_REQUESTS.name(), 1);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final UnreliableConsumer consumer = new UnreliableConsumer();
    private final PartitionAssignments assignments =
            new PartitionAssignments(consumer, Duration.ZERO, NoPreviousOwner::assignment, _ -> {});

    @Test
    void commit_containsTheFinishedOffsetsOfEachPartition() {
        // Given
        assign(ZERO, ONE);
        start(ZERO, 0, 1, 2);
        start(ONE, 7, 8);

        // When
        finish(ZERO, 0, 2);
        finish(ONE, 7, 8);
        assignments.commit();

        // Then
        assertThat(committed(ZERO)).isEqualTo(1);
        assertThat(committed(ONE)).isEqualTo(9);
    }

    @Test
    void failedCommit_isRetried() {
        // Given
        assign(ZERO);
        start(ZERO, 0);
        finish(ZERO, 0);
        consumer.refusal = new KafkaException("not now");
        assignments.commit();
        assertThat(committed(ZERO)).isEqualTo(-1);

        // When
        consumer.refusal = null;
        assignments.commit();

        // Then
        assertThat(committed(ZERO)).isEqualTo(1);
    }

    /** Kafka's client logs an error for each partition of each such commit. */
    @Test
    void commitWithoutPermission_isNotRetriedAtOnce() {
        // Given
        assign(ZERO);
        start(ZERO, 0);
        finish(ZERO, 0);
        consumer.refusal = GroupAuthorizationException.forGroupId("group");
        assignments.commit();

        // When
        consumer.refusal = null;
        assignments.commit();

        // Then
        assertThat(committed(ZERO)).isEqualTo(-1);
        await().untilAsserted(() -> {
            assignments.commit();
            assertThat(committed(ZERO)).isEqualTo(1);
        });
    }

    @Test
    void revoked_commitsFinishedWorkAndStartsNoMore() {
        // Given
        assign(ZERO);
        var assignment = assignments.of(ZERO);
        start(ZERO, 0, 1);
        finish(ZERO, 0);

        // When
        assignments.onPartitionsRevoked(List.of(ZERO));

        // Then
        assertThat(committed(ZERO)).isEqualTo(1);
        assertThat(assignment.begin()).isFalse();
        assertThat(assignment.isHeld()).isFalse();
    }

    /** A non-repeatable call finishes here, and the commit tells the next owner. */
    @Test
    void revoked_handsOverNonRepeatableCallsAndLetsThemFinish() throws Exception {
        // Given
        assign(ZERO);
        var assignment = assignments.of(ZERO);
        var begun = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var heldAtTheEnd = new CompletableFuture<Boolean>();
        var _ = Thread.ofVirtual().start(() -> heldAtTheEnd.complete(once(assignment, begun, gate)));
        await().until(assignment::needsCommit);
        assignments.commitRequested();
        begun.await();
        assertThat(noted(ZERO)).containsExactly(new OffsetRange(0, 1, OffsetState.UNCERTAIN));

        // When
        assignments.onPartitionsRevoked(List.of(ZERO));
        gate.countDown();

        // Then
        assertThat(noted(ZERO)).containsExactly(new OffsetRange(0, 1, OffsetState.RUNNING));
        assertThat(heldAtTheEnd).succeedsWithin(TIMEOUT).isEqualTo(true);
        assertThat(assignment.isHeld()).isFalse();
    }

    /** The mark is committed but the call was not made; the next owner must know that. */
    @Test
    void revoked_removesTheMarkOfACallThatWasNotMade() throws Exception {
        // Given
        assign(ZERO);
        var assignment = assignments.of(ZERO);
        consumer.keepsSilent = true;
        var begun = new CountDownLatch(1);
        var ended = new CompletableFuture<Boolean>();
        var _ = Thread.ofVirtual().start(() -> ended.complete(once(assignment, begun, new CountDownLatch(0))));
        await().until(assignment::needsCommit);
        assignments.commitRequested();
        assertThat(noted(ZERO)).containsExactly(new OffsetRange(0, 1, OffsetState.UNCERTAIN));

        // When
        assignments.onPartitionsRevoked(List.of(ZERO));

        // Then
        assertThat(ended).succeedsWithin(TIMEOUT);
        assertThat(begun.getCount()).isEqualTo(1);
        assertThat(noted(ZERO)).isEmpty();
    }

    @Test
    void failedFinalCommit_isRetried() {
        // Given
        assign(ZERO);
        start(ZERO, 0);
        finish(ZERO, 0);
        consumer.failures.add(new TimeoutException("a slow broker"));
        consumer.failures.add(new TimeoutException("a slow broker"));

        // When
        assignments.onPartitionsRevoked(List.of(ZERO));

        // Then
        assertThat(committed(ZERO)).isEqualTo(1);
    }

    /** A rolling restart meets a rebalance each time. */
    @Test
    void releaseDuringARebalance_commitsAfterIt() {
        // Given
        assign(ZERO);
        start(ZERO, 0);
        finish(ZERO, 0);
        for (int i = 0; i < 100; i++) {
            consumer.failures.add(new RebalanceInProgressException());
        }

        // When
        assignments.revokeAll();

        // Then
        assertThat(committed(ZERO)).isEqualTo(1);
    }

    /** Repeatable work does not hold the partition; it is interrupted. */
    @Test
    void revoked_interruptsRepeatableWork() throws Exception {
        var patient = new PartitionAssignments(consumer, Duration.ofSeconds(25), NoPreviousOwner::assignment, _ -> {});
        consumer.assign(List.of(ZERO));
        patient.onPartitionsAssigned(List.of(ZERO));
        var assignment = patient.of(ZERO);
        assignment.offsets().started(0, 0);
        var worker = Thread.ofVirtual().start(() -> forever(assignment));
        await().until(() -> worker.getState() == Thread.State.WAITING);

        var revoked = CompletableFuture.runAsync(() -> patient.onPartitionsRevoked(List.of(ZERO)));

        assertThat(revoked).succeedsWithin(Duration.ofMinutes(1));
        worker.join();
        assertThat(committed(ZERO)).isEqualTo(0);
        assertThat(assignment.isHeld()).isFalse();
    }

    @Test
    void assigned_isReadOnlyAfterItsHandOverStateIsLoaded() {
        // Given
        var found = new ArrayList<PartitionAssignment>();
        var curious = new PartitionAssignments(
                consumer,
                Duration.ZERO,
                partition -> new PartitionAssignment(partition, Duration.ofMinutes(2), () -> {}),
                found::addAll);
        consumer.assign(List.of(ZERO));

        // When
        curious.onPartitionsAssigned(List.of(ZERO));

        // Then
        assertThat(consumer.paused()).containsExactly(ZERO);
        assertThat(curious.open()).isEmpty();
        found.getFirst()
                .open(new HandoverState(
                        new PartitionProgress(3, List.of(new OffsetRange(3, 4, OffsetState.UNCERTAIN))), Map.of(), 0));
        assertThat(curious.open()).containsExactly(ZERO);
        assertThat(curious.of(ZERO).offsets().started(3, 0)).isEqualTo(OffsetState.UNCERTAIN);
    }

    /** Revoked before a record was read: the committed state stays. */
    @Test
    void revokedUnread_commitsNothing() {
        assign(ZERO);

        assignments.onPartitionsRevoked(List.of(ZERO));

        assertThat(committed(ZERO)).isEqualTo(-1);
    }

    @Test
    void lost_commitsNothing() {
        assign(ZERO);
        start(ZERO, 0);
        finish(ZERO, 0);

        assignments.onPartitionsLost(List.of(ZERO));

        assertThat(committed(ZERO)).isEqualTo(-1);
        assertThat(assignments.all()).isEmpty();
    }

    @Test
    void workOfAnEarlierAssignment_changesNothingInTheNext() {
        // Given
        assign(ZERO);
        start(ZERO, 0);
        var earlier = assignments.of(ZERO);
        assignments.onPartitionsLost(List.of(ZERO));
        assign(ZERO);
        start(ZERO, 0);

        // When
        earlier.offsets().finished(0);
        assignments.commit();

        // Then
        assertThat(committed(ZERO)).isEqualTo(0);
    }

    /** One partition through assignments, losses, revocations, and work that finishes in any of them. */
    @Property(tries = 300)
    void commits_neverPassUnfinishedWork(@ForAll @Size(max = 120) List<Step> steps) {
        // A property has one test instance for all its tries, and each try needs its own partitions.
        new PartitionAssignmentsTest().walk(steps);
    }

    private void walk(List<Step> steps) {
        // Given
        var done = new HashMap<Long, Boolean>();
        var running = new HashMap<Long, PartitionAssignment>();
        long next = 0;
        assign(ZERO);

        for (var step : steps) {
            // When
            switch (step) {
                case TAKE -> {
                    assignments.of(ZERO).offsets().started(next, 0);
                    running.put(next, assignments.of(ZERO));
                    done.putIfAbsent(next, false);
                    next++;
                }
                case FINISH_OLDEST ->
                    finish(running, done, running.keySet().stream().min(Long::compare));
                case FINISH_NEWEST ->
                    finish(running, done, running.keySet().stream().max(Long::compare));
                case COMMIT -> assignments.commit();
                case REVOKE -> {
                    assignments.onPartitionsRevoked(List.of(ZERO));
                    assign(ZERO);
                    next = Math.max(committed(ZERO), 0);
                }
                case LOSE -> {
                    assignments.onPartitionsLost(List.of(ZERO));
                    assign(ZERO);
                    next = Math.max(committed(ZERO), 0);
                }
            }

            // Then
            long committed = committed(ZERO);
            assertThat(done.entrySet().stream()
                            .filter(entry -> entry.getKey() < committed)
                            .map(Map.Entry::getValue))
                    .doesNotContain(false);
        }
    }

    enum Step {
        TAKE,
        FINISH_OLDEST,
        FINISH_NEWEST,
        COMMIT,
        REVOKE,
        LOSE
    }

    private static void finish(Map<Long, PartitionAssignment> running, Map<Long, Boolean> done, Optional<Long> offset) {
        offset.ifPresent(finished -> {
            Objects.requireNonNull(running.remove(finished)).offsets().finished(finished);
            done.put(finished, true);
        });
    }

    private void assign(TopicPartition... partitions) {
        consumer.assign(List.of(partitions));
        consumer.updateBeginningOffsets(
                List.of(partitions).stream().collect(Collectors.toMap(partition -> partition, _ -> 0L)));
        assignments.onPartitionsAssigned(List.of(partitions));
    }

    private void start(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            assignments.of(partition).offsets().started(offset, 0);
        }
    }

    private void finish(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            assignments.of(partition).offsets().finished(offset);
        }
    }

    /** Returns whether its reply was still wanted at the end. */
    private static boolean once(PartitionAssignment assignment, CountDownLatch begun, CountDownLatch gate) {
        assignment.begin();
        try {
            assignment.offsets().started(0, 0);
            if (assignment.beginNonRepeatable(0)) {
                begun.countDown();
                gate.await();
                assignment.offsets().finished(0);
            }
            return assignment.isHeld();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            assignment.end();
        }
    }

    private static void forever(PartitionAssignment assignment) {
        assignment.begin();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            assignment.end();
        }
    }

    private List<OffsetRange> noted(TopicPartition partition) {
        var committed =
                Objects.requireNonNull(consumer.committed(Set.of(partition)).get(partition));
        return ProgressCodec.read(committed.offset(), committed.metadata())
                .orElseThrow()
                .ranges();
    }

    /** -1 if there is no commit. */
    private long committed(TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(partition));
        var offset = committed.get(partition);
        return offset == null ? -1 : offset.offset();
    }

    private static final class UnreliableConsumer extends MockConsumer<String, byte[]> {
        private final Queue<KafkaException> failures = new ArrayDeque<>();
        private @Nullable KafkaException refusal;

        /** Accepts commits without calling back. */
        private boolean keepsSilent;

        UnreliableConsumer() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            if (refusal != null) {
                callback.onComplete(offsets, refusal);
                return;
            }
            super.commitAsync(offsets, keepsSilent ? (_, _) -> {} : callback);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            var failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            super.commitSync(offsets, timeout);
        }
    }
}
