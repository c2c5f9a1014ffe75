package dev.ncwrelay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TallyTest {

    private final Schedule schedule = Schedule.lasting(0, 1, 1, 2);
    private final Tally tally = new Tally(schedule);

    @Test
    void latency_countsFromTheScheduledTime() {
        tally.arrived(1, schedule.dueNanos(1) + 40_000_000);

        assertThat(tally.latencies().max()).isCloseTo(40, within(0.1));
    }

    @Test
    void warmUp_isNotMeasured_butMissed() {
        assertThat(tally.missingOfWarmUp()).isEqualTo(1);

        tally.arrived(0, 5);

        assertThat(tally.latencies().count()).isZero();
        assertThat(tally.missing()).isEqualTo(2);
        assertThat(tally.missingOfWarmUp()).isZero();
    }

    @Test
    void repetition_isCountedAndNotMeasuredAgain() {
        tally.arrived(1, schedule.dueNanos(1));
        tally.arrived(1, schedule.dueNanos(2));

        assertThat(tally.latencies().count()).isEqualTo(1);
        assertThat(tally.repeated()).isEqualTo(1);
        assertThat(tally.missing()).isEqualTo(1);
    }

    @Test
    void tally_isCompleteWhenAllHaveArrivedOrFailed() {
        tally.arrived(0, 0);
        tally.failed("first");
        tally.delayed("while warming up", schedule.dueNanos(1) - 1);
        tally.delayed("a poll", schedule.dueNanos(1));
        assertThat(tally.isComplete()).isFalse();

        tally.failed("second");

        assertThat(tally.isComplete()).isTrue();
        assertThat(tally.failures()).isEqualTo(2);
        assertThat(tally.delays()).isEqualTo(1);
        assertThat(tally.firstFailure()).contains("first");
    }
}
