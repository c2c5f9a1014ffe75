package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration MAX = Duration.ofSeconds(90);
    private static final RetrySettings RETRY = new RetrySettings(Duration.ofMillis(250), Duration.ofSeconds(5), MAX);

    private final Backoff withoutJitter = new Backoff(RETRY, Clock.fixed(NOW, ZoneOffset.UTC), () -> 0L);

    @Property
    void pause_isBetweenHalfAndAllOfTheExponentialOne(
            @ForAll @IntRange(min = 1, max = 1_000) int failures, @ForAll long seed) {
        var backoff = new Backoff(RETRY, Clock.fixed(NOW, ZoneOffset.UTC), new Random(seed));
        long full = Math.min(250L << Math.min(failures - 1, 20), 5_000);

        assertThat(backoff.pause(failures, null)).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
    }

    @Property
    void pause_isNeverShorterThanRequested(@ForAll @IntRange(min = 0, max = 90) int seconds, @ForAll long seed) {
        var backoff = new Backoff(RETRY, Clock.fixed(NOW, ZoneOffset.UTC), new Random(seed));

        assertThat(backoff.pause(1, Integer.toString(seconds)))
                .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1_100L + 25));
    }

    @ParameterizedTest
    @CsvSource({
        "3, PT3S",
        "' 3 ', PT3S",
        "'Sun, 22 Nov 2026 10:00:07 GMT', PT7S",
        "'Sun, 22 Nov 2026 09:00:00 GMT', PT0S",
    })
    void retryAfter_isSecondsOrADate(String header, Duration pause) {
        assertThat(withoutJitter.pause(1, header)).isEqualTo(pause);
    }

    /** Centuries exceed the range of nanoseconds. */
    @ParameterizedTest
    @ValueSource(strings = {"91", "86400", "99999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void retryAfter_isLimitedToTheConfiguredMaximum(String header) {
        assertThat(withoutJitter.requested(header)).contains(MAX);
        assertThat(withoutJitter.pause(1, header)).isEqualTo(MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "999999999999999999999"})
    void invalidRetryAfter_countsAsAbsent(String header) {
        assertThat(withoutJitter.pause(1, header)).isEqualTo(Duration.ofMillis(125));
    }

    @Test
    void pause_doublesUpToItsLimit() {
        assertThat(withoutJitter.pause(2, null)).isEqualTo(Duration.ofMillis(250));
        assertThat(withoutJitter.pause(3, null)).isEqualTo(Duration.ofMillis(500));
        assertThat(withoutJitter.pause(60, null)).isEqualTo(Duration.ofMillis(2_500));
    }
}
