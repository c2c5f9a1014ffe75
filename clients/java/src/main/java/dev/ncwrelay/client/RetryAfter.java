package dev.ncwrelay.client;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The header of that name (RFC 9110 section 10.2.3). */
final class RetryAfter {

    private RetryAfter() {}

    /** How long the response asks to wait; null when it does not. */
    static @Nullable Duration of(HttpHeaders headers, Clock clock) {
        var value = headers.firstValue("Retry-After").orElse(null);
        if (value == null) {
            return null;
        }
        var wait = value.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : untilDate(value, clock);
        return wait.isNegative() || wait.isZero() ? null : wait;
    }

    /** Proxies send dates, which are those of the wall clock. */
    private static Duration untilDate(String value, Clock clock) {
        try {
            var date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(Instant.now(clock), date.toInstant());
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
