package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

    private final OffsetTracker tracker = new OffsetTracker();

    @Test
    void position_isUnknownBeforeTheFirstRecord() {
        assertThat(tracker.position()).isEmpty();
    }

    @Test
    void position_staysAtTheLowestUnfinishedRecord() {
        tracker.started(10);
        tracker.started(11);
        tracker.started(15);
        assertThat(tracker.position()).hasValue(10);

        tracker.finished(15);
        assertThat(tracker.position()).hasValue(10);

        tracker.finished(10);
        assertThat(tracker.position()).hasValue(11);

        tracker.finished(11);
        assertThat(tracker.position()).hasValue(16);
    }

    @Test
    void finished_ofARecordThatNeverStartedChangesNothing() {
        tracker.started(5);

        tracker.finished(4);
        tracker.finished(6);

        assertThat(tracker.position()).hasValue(5);
    }

    @Test
    void started_refusesToGoBack() {
        tracker.started(5);

        assertThatIllegalArgumentException().isThrownBy(() -> tracker.started(5));
        assertThatIllegalArgumentException().isThrownBy(() -> tracker.started(2));
    }

    /**
     * Records come with gaps, finish in any order while more come, some never: whatever is committed at any moment,
     * a successor that starts there gets every unfinished record.
     */
    @Property
    void position_neverPassesAnUnfinishedRecordNorFalls(
            @ForAll("gaps") List<Integer> gaps, @ForAll long seed, @ForAll @IntRange(max = 10) int neverFinished) {
        // Given
        var tracker = new OffsetTracker();
        var random = new Random(seed);
        var model = new HashSet<Long>();
        long offset = random.nextInt(1_000);
        long last = -1;

        for (int gap : gaps) {
            // When
            offset += gap;
            tracker.started(offset);
            model.add(offset);
            finishSome(tracker, model, random, neverFinished);

            // Then
            long position = tracker.position().orElseThrow();
            assertThat(position).isEqualTo(model.stream().min(Long::compare).orElse(offset + 1));
            assertThat(position).isGreaterThanOrEqualTo(last);
            assertThat(tracker.unfinished()).isEqualTo(model.size());
            last = position;
        }
    }

    @Property
    void position_isBehindTheLastRecordWhenAllAreFinished(@ForAll("gaps") List<Integer> gaps, @ForAll long seed) {
        var tracker = new OffsetTracker();
        var offsets = new ArrayList<Long>();
        long offset = 0;
        for (int gap : gaps) {
            offset += gap;
            offsets.add(offset);
            tracker.started(offset);
        }
        Collections.shuffle(offsets, new Random(seed));

        offsets.forEach(tracker::finished);

        assertThat(tracker.position()).isEqualTo(OptionalLong.of(offset + 1));
        assertThat(tracker.unfinished()).isZero();
    }

    @Test
    void tracker_isSafeWhileManyThreadsFinish() throws Exception {
        var finishing = new ArrayList<Future<?>>();
        long last = -1;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long offset = 0; offset < 20_000; offset++) {
                long mine = offset;
                tracker.started(offset);
                finishing.add(threads.submit(() -> tracker.finished(mine)));
                long position = tracker.position().orElseThrow();
                assertThat(position).isGreaterThanOrEqualTo(last);
                last = position;
            }
            for (var finished : finishing) {
                finished.get();
            }
        }

        assertThat(tracker.position()).hasValue(20_000);
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
}
