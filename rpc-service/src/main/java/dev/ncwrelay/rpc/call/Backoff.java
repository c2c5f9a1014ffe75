package dev.ncwrelay.rpc.call;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pause before the next attempt: what Fireblocks requests, or exponential. Both have jitter, so that calls that
 * failed together are not retried together.
 */
final class Backoff {

    /** At most 8 digits, which is three years; a longer number counts as absent. */
    private static final Pattern SECONDS = Pattern.compile("\\d{1,8}");

    private static final int MAX_DOUBLINGS = 20;
    private static final double REQUESTED_JITTER = 0.1;

    private final RetrySettings settings;
    private final Clock clock;
    private final RandomGenerator random;

    Backoff(RetrySettings settings, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The pause after this number of failed attempts.
     *
     * @param retryAfter that header of the last response, or null; the pause is at least this, up to the configured
     *     maximum
     */
    Duration pause(int failures, @Nullable String retryAfter) {
        return requested(retryAfter)
                .map(asked ->
                        asked.plus(share(max(asked, settings.firstPause()), random.nextDouble() * REQUESTED_JITTER)))
                .orElseGet(() -> exponential(failures));
    }

    /** Between half of the full pause and all of it. */
    private Duration exponential(int failures) {
        var full = settings.firstPause().multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return share(min(full, settings.longestPause()), (1 + random.nextDouble()) / 2);
    }

    /**
     * The pause requested by {@code Retry-After}, seconds or a date (RFC 9110 section 10.2.3), up to the configured
     * maximum; any other value counts as absent.
     */
    Optional<Duration> requested(@Nullable String retryAfter) {
        if (retryAfter == null) {
            return Optional.empty();
        }
        var text = retryAfter.strip();
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(min(Duration.ofSeconds(Long.parseLong(text)), settings.longestRequestedPause()));
        }
        try {
            var when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            var until = Duration.between(clock.instant(), when.toInstant());
            return Optional.of(min(max(until, Duration.ZERO), settings.longestRequestedPause()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration share(Duration whole, double part) {
        return Duration.ofNanos((long) (whole.toNanos() * part));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
