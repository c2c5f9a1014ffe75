package dev.ncwrelay.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** With a clock that the test advances. */
class AdaptiveRateLimiterTest {

    private static final LimitSettings UNKNOWN = new LimitSettings(0, 60, 60, 0, 200);

    /** Close to overflow, as {@link System#nanoTime} may be. */
    private long now = Long.MAX_VALUE - 5;

    @Test
    void limiter_isUnlimitedBeforeTheFirst429() {
        var limiter = limiter(UNKNOWN);

        for (int i = 0; i < 10_000; i++) {
            assertThat(limiter.acquire()).isZero();
        }
        assertThat(limiter.perMinute()).isInfinite();
    }

    @Test
    void rateLimited_halvesTheMeasuredRate() {
        var limiter = limiter(UNKNOWN);
        for (int i = 0; i < 200; i++) {
            limiter.acquire();
            pass(Duration.ofMillis(50));
        }

        limiter.rateLimited(Duration.ZERO);

        // 200 calls in 10 s are 1,200 a minute.
        assertThat(limiter.perMinute()).isBetween(590.0, 610.0);
    }

    @Test
    void rateLimitedInFlightCalls_halveTheRateOnce() {
        var limiter = limiter(UNKNOWN);
        for (int i = 0; i < 400; i++) {
            limiter.acquire();
        }

        for (int i = 0; i < 100; i++) {
            limiter.rateLimited(Duration.ZERO);
            pass(Duration.ofMillis(10));
        }

        assertThat(limiter.perMinute()).isEqualTo(1_200);
    }

    @Test
    void rate_growsByStepsWithout429() {
        var limiter = limiter(UNKNOWN);
        limiter.acquire();
        limiter.rateLimited(Duration.ZERO);
        assertThat(limiter.perMinute()).isEqualTo(60);

        pass(Duration.ofSeconds(31));

        assertThat(limiter.perMinute()).isBetween(180.0, 240.0);
    }

    @Test
    void retryAfter_blocksCalls() {
        var limiter = limiter(UNKNOWN);
        limiter.acquire();

        limiter.rateLimited(Duration.ofSeconds(7));

        assertThat(limiter.acquire()).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void configuredLimit_isSharedByTheInstances() {
        var limiter = new AdaptiveRateLimiter(new LimitSettings(600, 60, 60, 0, 200), () -> 0.5, () -> now);

        assertThat(limiter.perMinute()).isEqualTo(300);
    }

    @Test
    void releasedToken_isUsedByTheNextCall() {
        var limiter = new AdaptiveRateLimiter(new LimitSettings(60, 60, 60, 0, 200), () -> 1, () -> now);
        assertThat(limiter.acquire()).isZero();
        var second = limiter.acquire();

        limiter.release();

        assertThat(limiter.acquire()).isEqualTo(second);
    }

    /** Callers that wait as requested never exceed the limit, except by the one token that is always available. */
    @Property
    void calls_thatWaitAsRequestedKeepTheLimit(
            @ForAll @IntRange(min = 1, max = 6_000) int limit,
            @ForAll @Size(max = 200) List<@IntRange(max = 2_000) Integer> pauses) {
        var limiter = new AdaptiveRateLimiter(new LimitSettings(limit, 60, 60, 0, 200), () -> 1, () -> now);
        long began = now;
        long latest = now;
        for (int pause : pauses) {
            pass(Duration.ofMillis(pause));
            long mine = now + limiter.acquire().toNanos();
            latest = mine - latest > 0 ? mine : latest;
        }

        double minutes = (latest - began) / 60e9;
        assertThat((double) pauses.size()).isLessThanOrEqualTo(minutes * limit + Math.max(1, limit / 60.0) + 1);
    }

    private AdaptiveRateLimiter limiter(LimitSettings limits) {
        return new AdaptiveRateLimiter(limits, () -> 1, () -> now);
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
