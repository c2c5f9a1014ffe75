package dev.ncwrelay.rpc.call;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How calls are retried: {@code relay.rpc.retry.*}. The deadline of each request bounds the number of attempts.
 *
 * @param firstPause longest pause before the second attempt; doubles with each further one
 * @param longestPause upper bound of the doubling
 * @param longestRequestedPause upper bound of a {@code Retry-After}. Fireblocks counts calls by the minute (its page
 *     "Rate limits"), so that after a minute a call may be made whatever the header says. It documents no such header:
 *     a longer one is probably wrong, and would stop all calls of an API user for that time.
 */
@ConfigurationProperties(prefix = "relay.rpc.retry", ignoreUnknownFields = false)
record RetrySettings(
        @DefaultValue("250ms") Duration firstPause,
        @DefaultValue("5s") Duration longestPause,
        @DefaultValue("1m") Duration longestRequestedPause) {

    private static final Duration LONGEST = Duration.ofDays(1);

    RetrySettings {
        if (firstPause.toMillis() < 1) {
            throw new IllegalArgumentException("relay.rpc.retry.first-pause must be at least 1ms, not " + firstPause);
        }
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.retry.longest-pause must be at least first-pause, not " + longestPause);
        }
        if (longestRequestedPause.toMillis() < 1 || longestRequestedPause.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.retry.longest-requested-pause must be from 1ms to 1d, not " + longestRequestedPause);
        }
    }
}
