package dev.ncwrelay.rpc.call;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How calls are repeated: {@code relay.rpc.retry.*}. The number of attempts is bounded by each request's deadline.
 *
 * @param firstPause longest pause before the second attempt; doubles with each further one
 * @param longestPause where the doubling ends
 */
@ConfigurationProperties(prefix = "relay.rpc.retry", ignoreUnknownFields = false)
public record RetryProperties(
        @DefaultValue("250ms") Duration firstPause,
        @DefaultValue("5s") Duration longestPause) {

    public RetryProperties {
        if (firstPause.toMillis() < 1) {
            throw new IllegalArgumentException("relay.rpc.retry.first-pause must be at least 1ms, not " + firstPause);
        }
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.retry.longest-pause must be at least first-pause, not " + longestPause);
        }
    }
}
