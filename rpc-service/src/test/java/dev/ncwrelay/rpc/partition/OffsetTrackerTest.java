package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

    private final OffsetTracker tracker = new OffsetTracker(PartitionProgress.at(0));

    @Test
    void progress_isUnchangedBeforeTheFirstRecord() {
        assertThat(tracker.changedSince(0)).isEmpty();
    }

    @Test
    void progress_isReturnedOncePerChange() {
        tracker.started(3, 0);
        var first = tracker.changedSince(0).orElseThrow();

        assertThat(tracker.changedSince(first.change())).isEmpty();

        tracker.finished(3);
        tracker.finished(3);
        var second = tracker.changedSince(first.change()).orElseThrow();
        assertThat(tracker.changedSince(second.change())).isEmpty();
        assertThat(second.progress()).isEqualTo(PartitionProgress.at(4));
    }

    @Test
    void progress_containsUncertainRecords() {
        LongStream.range(10, 16).forEach(offset -> tracker.started(offset, 0));

        tracker.finished(11);
        tracker.markUncertain(12);
        tracker.markUncertain(13);
        tracker.markOpen(13);
        tracker.finished(15);

        assertThat(progress().position()).isEqualTo(10);
        assertThat(progress().ranges())
                .containsExactly(
                        new OffsetRange(10, 11, OffsetState.OPEN),
                        new OffsetRange(11, 12, OffsetState.FINISHED),
                        new OffsetRange(12, 13, OffsetState.UNCERTAIN),
                        new OffsetRange(13, 15, OffsetState.OPEN),
                        new OffsetRange(15, 16, OffsetState.FINISHED));
    }

    /** Inherited states of records that this owner has not read are passed on to the next one. */
    @Test
    void tracker_isUncertainUntilInheritedRecordsAreFinished() {
        // Given
        var tracker = new OffsetTracker(new PartitionProgress(
                5, List.of(new OffsetRange(5, 6, OffsetState.RUNNING), new OffsetRange(6, 7, OffsetState.FINISHED))));
        assertThat(tracker.hasUncertain()).isTrue();
        assertThat(tracker.started(5, 0)).isEqualTo(OffsetState.RUNNING);
        assertThat(tracker.started(6, 0)).isEqualTo(OffsetState.FINISHED);
        tracker.started(7, 0);
        tracker.markUncertain(7);
        assertThat(tracker.hasUncertain()).isTrue();

        // When
        tracker.finished(5);

        // Then
        assertThat(tracker.hasUncertain()).isFalse();
    }

    @Test
    void progress_keepsInheritedStatesUntilTheyAreRead() {
        var left = new PartitionProgress(
                5,
                List.of(
                        new OffsetRange(5, 7, OffsetState.UNCERTAIN),
                        new OffsetRange(7, 9, OffsetState.FINISHED),
                        new OffsetRange(9, 10, OffsetState.UNCERTAIN)));
        var successor = new OffsetTracker(left);

        assertThat(successor.started(5, 0)).isEqualTo(OffsetState.UNCERTAIN);
        assertThat(successor.changedSince(0).orElseThrow().progress()).isEqualTo(left);

        assertThat(successor.started(6, 0)).isEqualTo(OffsetState.UNCERTAIN);
        successor.finished(5);
        successor.finished(6);
        assertThat(successor.started(7, 0)).isEqualTo(OffsetState.FINISHED);
        assertThat(successor.changedSince(0).orElseThrow().progress())
                .isEqualTo(new PartitionProgress(
                        8,
                        List.of(
                                new OffsetRange(8, 9, OffsetState.FINISHED),
                                new OffsetRange(9, 10, OffsetState.UNCERTAIN))));
        assertThat(successor.started(8, 0)).isEqualTo(OffsetState.FINISHED);
        assertThat(successor.started(9, 0)).isEqualTo(OffsetState.UNCERTAIN);
        assertThat(successor.started(10, 0)).isEqualTo(OffsetState.OPEN);
    }

    @Test
    void oldest_isTheTimestampOfTheLowestUnfinishedRecord() {
        tracker.started(1, 100);
        tracker.started(2, 90);
        assertThat(tracker.oldest()).hasValue(100);

        tracker.finished(1);
        assertThat(tracker.oldest()).hasValue(90);
        assertThat(tracker.gap()).isEqualTo(1);

        tracker.finished(2);
        assertThat(tracker.oldest()).isEmpty();
        assertThat(tracker.gap()).isZero();
    }

    @Test
    void position_staysAtTheLowestUnfinishedRecord() {
        tracker.started(10, 0);
        tracker.started(11, 0);
        tracker.started(15, 0);
        assertThat(progress().position()).isEqualTo(10);

        tracker.finished(15);
        assertThat(progress().position()).isEqualTo(10);

        tracker.finished(10);
        assertThat(progress().position()).isEqualTo(11);

        tracker.finished(11);
        assertThat(progress().position()).isEqualTo(16);
    }

    @Test
    void finished_ofAnUnknownRecordChangesNothing() {
        tracker.started(5, 0);

        tracker.finished(4);
        tracker.finished(6);

        assertThat(progress().position()).isEqualTo(5);
    }

    @Test
    void started_rejectsEarlierOffsets() {
        tracker.started(5, 0);

        assertThatIllegalArgumentException().isThrownBy(() -> tracker.started(5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> tracker.started(2, 0));
    }

    /**
     * Records have gaps, finish in any order while others start, and some never finish: for any commit, a successor
     * that starts there gets every unfinished record.
     */
    @Property
    void position_neverPassesAnUnfinishedRecordNorDecreases(
            @ForAll("gaps") List<Integer> gaps, @ForAll long seed, @ForAll @IntRange(max = 10) int neverFinished) {
        // Given
        var tracker = new OffsetTracker(PartitionProgress.at(0));
        var random = new Random(seed);
        var model = new HashSet<Long>();
        long offset = random.nextInt(1_000);
        long last = -1;

        for (int gap : gaps) {
            // When
            offset += gap;
            tracker.started(offset, 0);
            model.add(offset);
            finishSome(tracker, model, random, neverFinished);

            // Then
            long position = position(tracker);
            assertThat(position).isEqualTo(model.stream().min(Long::compare).orElse(offset + 1));
            assertThat(position).isGreaterThanOrEqualTo(last);
            assertThat(tracker.unfinished()).isEqualTo(model.size());
            last = position;
        }
    }

    @Property
    void position_isAfterTheLastRecordWhenAllAreFinished(@ForAll("gaps") List<Integer> gaps, @ForAll long seed) {
        var tracker = new OffsetTracker(PartitionProgress.at(0));
        var offsets = new ArrayList<Long>();
        long offset = 0;
        for (int gap : gaps) {
            offset += gap;
            offsets.add(offset);
            tracker.started(offset, 0);
        }
        Collections.shuffle(offsets, new Random(seed));

        offsets.forEach(tracker::finished);

        assertThat(position(tracker)).isEqualTo(offset + 1);
        assertThat(tracker.unfinished()).isZero();
    }

    @Test
    void tracker_isThreadSafe() throws Exception {
        var finishing = new ArrayList<Future<?>>();
        long last = -1;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long offset = 0; offset < 20_000; offset++) {
                long mine = offset;
                tracker.started(offset, 0);
                finishing.add(threads.submit(() -> tracker.finished(mine)));
                long position = position(tracker);
                assertThat(position).isGreaterThanOrEqualTo(last);
                last = position;
            }
            for (var finished : finishing) {
                finished.get();
            }
        }

        assertThat(progress().position()).isEqualTo(20_000);
    }

    @Provide
    Arbitrary<List<Integer>> gaps() {
        return Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 2), Tuple.of(1, 500))
                .list()
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    private static void finishSome(OffsetTracker tracker, Set<Long> model, Random random, int neverFinished) {
        for (var candidate : List.copyOf(model)) {
            if (candidate % 11 != neverFinished && random.nextInt(3) == 0) {
                model.remove(candidate);
                tracker.finished(candidate);
            }
        }
    }

    private PartitionProgress progress() {
        return tracker.changedSince(0).orElseThrow().progress();
    }

    private static long position(OffsetTracker tracker) {
        return tracker.changedSince(0).orElseThrow().progress().position();
    }
}
