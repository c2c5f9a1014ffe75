package dev.ncwrelay.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** On a clock that the test moves. */
class AdaptiveRateLimiterTest {

    private static final LimitProperties UNKNOWN = new LimitProperties(0, 60, 60, 0, 200);

    /** About to wrap, as {@link System#nanoTime} may. */
    private long now = Long.MAX_VALUE - 5;

    @Test
    void budget_holdsNothingBackBeforeTheFirstRefusal() {
        var budget = budget(UNKNOWN);

        for (int i = 0; i < 10_000; i++) {
            assertThat(budget.acquire()).isZero();
        }
        assertThat(budget.perMinute()).isInfinite();
    }

    @Test
    void refusal_halvesTheMeasuredRate() {
        var budget = budget(UNKNOWN);
        for (int i = 0; i < 200; i++) {
            budget.acquire();
            pass(Duration.ofMillis(50));
        }

        budget.rateLimited(Duration.ZERO);

        // 200 calls in 10 s are 1,200 a minute.
        assertThat(budget.perMinute()).isBetween(590.0, 610.0);
    }

    @Test
    void refusalsOfCallsUnderWay_halveTheRateOnce() {
        var budget = budget(UNKNOWN);
        for (int i = 0; i < 400; i++) {
            budget.acquire();
        }

        for (int i = 0; i < 100; i++) {
            budget.rateLimited(Duration.ZERO);
            pass(Duration.ofMillis(10));
        }

        assertThat(budget.perMinute()).isEqualTo(1_200);
    }

    @Test
    void rate_growsByStepsWhileNothingIsRefused() {
        var budget = budget(UNKNOWN);
        budget.acquire();
        budget.rateLimited(Duration.ZERO);
        assertThat(budget.perMinute()).isEqualTo(60);

        pass(Duration.ofSeconds(31));

        assertThat(budget.perMinute()).isBetween(180.0, 240.0);
    }

    @Test
    void refusalWithATime_isWaitedFor() {
        var budget = budget(UNKNOWN);
        budget.acquire();

        budget.rateLimited(Duration.ofSeconds(7));

        assertThat(budget.acquire()).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void configuredLimit_isSharedByTheInstances() {
        var budget = new AdaptiveRateLimiter(new LimitProperties(600, 60, 60, 0, 200), () -> 0.5, () -> now);

        assertThat(budget.perMinute()).isEqualTo(300);
    }

    @Test
    void placeGivenBack_isTheNextOnesAgain() {
        var budget = new AdaptiveRateLimiter(new LimitProperties(60, 60, 60, 0, 200), () -> 1, () -> now);
        assertThat(budget.acquire()).isZero();
        var second = budget.acquire();

        budget.release();

        assertThat(budget.acquire()).isEqualTo(second);
    }

    /** Whoever waits as told never makes more calls than the limit allows, but for the one that is always there. */
    @Property
    void calls_thatWaitAsTold_keepTheLimit(
            @ForAll @IntRange(min = 1, max = 6_000) int limit,
            @ForAll @Size(max = 200) List<@IntRange(max = 2_000) Integer> pauses) {
        var budget = new AdaptiveRateLimiter(new LimitProperties(limit, 60, 60, 0, 200), () -> 1, () -> now);
        long began = now;
        long latest = now;
        for (int pause : pauses) {
            pass(Duration.ofMillis(pause));
            long mine = now + budget.acquire().toNanos();
            latest = mine - latest > 0 ? mine : latest;
        }

        double minutes = (latest - began) / 60e9;
        assertThat((double) pauses.size()).isLessThanOrEqualTo(minutes * limit + Math.max(1, limit / 60.0) + 1);
    }

    private AdaptiveRateLimiter budget(LimitProperties limits) {
        return new AdaptiveRateLimiter(limits, () -> 1, () -> now);
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
