package dev.ncwrelay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    @Test
    void run_sendsEachOnceInOrder_andNoneBeforeItIsDue() {
        // Given
        var schedule = new Schedule(System.nanoTime(), 1_000, 5, 50);
        var sent = new ArrayList<Integer>();
        var early = new ArrayList<Integer>();
        var loop = new OpenLoop(schedule, index -> {
            sent.add(index);
            if (System.nanoTime() < schedule.dueNanos(index)) {
                early.add(index);
            }
        });

        // When
        loop.run();

        // Then
        assertThat(sent)
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(early).isEmpty();
        assertThat(loop.sent()).isEqualTo(50);
        assertThat(loop.lateness().count()).isEqualTo(45);
    }

    @Test
    void run_thatIsLate_leavesNothingOut() {
        var loop = new OpenLoop(new Schedule(System.nanoTime() - 1_000_000_000L, 1_000, 0, 20), _ -> {});

        loop.run();

        assertThat(loop.sent()).isEqualTo(20);
    }
}
