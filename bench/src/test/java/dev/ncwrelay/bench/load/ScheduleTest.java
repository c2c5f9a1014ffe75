package dev.ncwrelay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void due_isEvenlySpacedWithoutDrift() {
        var schedule = Schedule.lasting(7, 3, 0, 1_000_000);

        assertThat(schedule.dueNanos(0)).isEqualTo(7);
        assertThat(schedule.dueNanos(1)).isEqualTo(7 + SECOND / 3);
        assertThat(schedule.dueNanos(2_999_997)).isEqualTo(7 + 999_999 * SECOND);
    }

    @Test
    void warmUp_doesNotCount() {
        var schedule = Schedule.lasting(0, 10, 2, 3);

        assertThat(schedule.count()).isEqualTo(50);
        assertThat(schedule.counted()).isEqualTo(30);
        assertThat(schedule.counts(19)).isFalse();
        assertThat(schedule.counts(20)).isTrue();
    }

    @Test
    void between_isHalfAPaceLater() {
        var schedule = Schedule.lasting(0, 10, 0, 1);

        assertThat(schedule.between().dueNanos(0)).isEqualTo(SECOND / 20);
        assertThat(schedule.between().count()).isEqualTo(schedule.count());
    }

    @Test
    void schedule_refusesALoadThatMeasuresNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.lasting(0, 10, 5, 0));
    }
}
