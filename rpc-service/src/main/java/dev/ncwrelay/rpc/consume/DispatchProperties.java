package dev.ncwrelay.rpc.consume;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are taken from the log: {@code relay.rpc.dispatch.*}.
 *
 * @param group consumer group shared by all instances
 * @param maxInFlight calls running at once in this instance; more wait on the log
 * @param commitInterval how often finished work is written to Kafka
 * @param grace how long running calls may finish before their partition is handed over or the service stops
 */
@ConfigurationProperties(prefix = "relay.rpc.dispatch", ignoreUnknownFields = false)
record DispatchProperties(
        @DefaultValue("ncw-rpc") String group,
        @DefaultValue("2000") int maxInFlight,
        @DefaultValue("200ms") Duration commitInterval,
        @DefaultValue("5s") Duration grace) {

    /** Well below Kafka's limit between two polls, since nothing is polled meanwhile, and Spring's for a shutdown. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(25);

    DispatchProperties {
        if (group.isBlank()) {
            throw new IllegalArgumentException("relay.rpc.dispatch.group must not be blank");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("relay.rpc.dispatch.max-in-flight must be positive, not " + maxInFlight);
        }
        if (!commitInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "relay.rpc.dispatch.commit-interval must be positive, not " + commitInterval);
        }
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("relay.rpc.dispatch.grace must be from 0s to 25s, not " + grace);
        }
    }
}
