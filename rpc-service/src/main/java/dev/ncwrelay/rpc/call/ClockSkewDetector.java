package dev.ncwrelay.rpc.call;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Logs when a rejected token indicates clock skew: code -10 is an expired token, -12 one that was issued in the future
 * (Fireblocks' page "API responses").
 */
final class ClockSkewDetector {

    private static final Logger log = LoggerFactory.getLogger(ClockSkewDetector.class);
    private static final int EXPIRED = -10;
    private static final Set<Integer> CLOCK_ERRORS = Set.of(EXPIRED, -12);
    private static final Duration MIN_LOG_INTERVAL = Duration.ofMinutes(1);

    private final Clock clock;
    private Instant loggedAt = Instant.EPOCH;

    ClockSkewDetector(Clock clock) {
        this.clock = clock;
    }

    /** Logs clock skew, at most once a minute. */
    void logIfSkewed(FireblocksResponse refusal) {
        var now = clock.instant();
        if (!isClockError(refusal) || !isDue(now)) {
            return;
        }
        log.atError()
                .addKeyValue("secondsAhead", secondsAhead(refusal, now))
                .log("token rejected because of clock skew; synchronize the clock (NTP)"
                        + " or see relay.rpc.fireblocks.token-lifetime");
    }

    private synchronized boolean isDue(Instant now) {
        if (now.isBefore(loggedAt.plus(MIN_LOG_INTERVAL))) {
            return false;
        }
        loggedAt = now;
        return true;
    }

    /** Whether the token had expired. */
    static boolean isExpired(FireblocksResponse refusal) {
        return code(refusal) == EXPIRED;
    }

    private static boolean isClockError(FireblocksResponse refusal) {
        return CLOCK_ERRORS.contains(code(refusal));
    }

    /** The error code of the response; 0 when there is none. */
    private static int code(FireblocksResponse refusal) {
        try {
            return JsonMapper.shared()
                    .readTree(refusal.body().toByteArray())
                    .path("code")
                    .asInt(0);
        } catch (JacksonException notJson) {
            return 0;
        }
    }

    private static String secondsAhead(FireblocksResponse refusal, Instant now) {
        if (refusal.date() == null) {
            return "unknown";
        }
        try {
            var theirs = ZonedDateTime.parse(refusal.date(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Long.toString(Duration.between(theirs, now).toSeconds());
        } catch (DateTimeException e) {
            return "unknown";
        }
    }
}
