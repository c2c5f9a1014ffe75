package dev.ncwrelay.testkit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetryScheduleTest {

    @Test
    void v2_takesAboutEightHours() {
        var total = RetrySchedule.v2().pauses().stream().reduce(Duration.ZERO, Duration::plus);

        assertThat(RetrySchedule.v2().pauses()).hasSize(9).startsWith(Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(total).isEqualTo(Duration.ofSeconds(28_360));
    }

    @Test
    void v1_addsATwiceAsLongPauseEachTime() {
        // 5, 15, 35 ...: each is twice the one before and five more, as Fireblocks' page lists them.
        var pauses = RetrySchedule.v1().pauses();

        assertThat(pauses).hasSize(9).startsWith(Duration.ofSeconds(5)).endsWith(Duration.ofSeconds(2555));
        for (int i = 1; i < pauses.size(); i++) {
            assertThat(pauses.get(i))
                    .isEqualTo(pauses.get(i - 1).multipliedBy(2).plusSeconds(5));
        }
    }

    @Test
    void scaledBy_shortensEachPause() {
        assertThat(RetrySchedule.v2().scaledBy(0.001).pauses())
                .startsWith(Duration.ofMillis(10), Duration.ofMillis(30))
                .endsWith(Duration.ofMillis(14_400));
    }

    @Test
    void negativePauses_areRejected() {
        assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ofSeconds(-1))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
