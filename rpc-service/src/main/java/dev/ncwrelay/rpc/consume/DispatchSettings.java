package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How requests are consumed: {@code relay.rpc.dispatch.*}.
 *
 * @param group consumer group shared by all instances
 * @param maxInFlight calls running at once in this instance; further requests stay in Kafka
 * @param maxInFlightPerDevice calls running at once for one device; further ones wait in order
 * @param maxWaitingPerDevice requests of one device that wait here; further ones are rejected, so that one device does
 *     not use the capacity of others
 * @param maxBytes of requests that are processed or wait here; a quarter of it for each device
 * @param answeredMemory how long a repeated request id gets the stored reply instead of a call
 * @param commitInterval how often progress is committed
 * @param grace how long non-repeatable calls may take to finish on shutdown; their partitions move at once
 */
@ConfigurationProperties(prefix = "relay.rpc.dispatch", ignoreUnknownFields = false)
record DispatchSettings(
        @DefaultValue("ncw-rpc") String group,
        @DefaultValue("2200") int maxInFlight,
        @DefaultValue("8") int maxInFlightPerDevice,
        @DefaultValue("128") int maxWaitingPerDevice,
        @DefaultValue("64MB") DataSize maxBytes,
        @DefaultValue("5m") Duration answeredMemory,
        @DefaultValue("200ms") Duration commitInterval,
        @DefaultValue("60s") Duration grace) {

    /** Enough for one request of the largest size from each device. */
    private static final DataSize MIN_BYTES = DataSize.ofMegabytes(24);

    private static final Duration MAX_GRACE = Duration.ofMinutes(5);

    /** A call that another instance finishes is waited for until its deadline, which is about a minute. */
    private static final Duration MIN_MEMORY = Duration.ofMinutes(2);

    /** Replies of this time are read at each hand-over. */
    private static final Duration MAX_MEMORY = Duration.ofHours(1);

    DispatchSettings {
        if (group.isBlank()) {
            throw new IllegalArgumentException("relay.rpc.dispatch.group must not be blank");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("relay.rpc.dispatch.max-in-flight must be positive, not " + maxInFlight);
        }
        if (maxInFlightPerDevice < 1) {
            throw new IllegalArgumentException(
                    "relay.rpc.dispatch.max-in-flight-per-device must be positive, not " + maxInFlightPerDevice);
        }
        if (maxWaitingPerDevice < 1) {
            throw new IllegalArgumentException(
                    "relay.rpc.dispatch.max-waiting-per-device must be positive, not " + maxWaitingPerDevice);
        }
        if (maxBytes.compareTo(MIN_BYTES) < 0) {
            throw new IllegalArgumentException("relay.rpc.dispatch.max-bytes must be at least 24MB, not " + maxBytes);
        }
        if (answeredMemory.compareTo(MIN_MEMORY) < 0 || answeredMemory.compareTo(MAX_MEMORY) > 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.dispatch.answered-memory must be from 2m to 1h, not " + answeredMemory);
        }
        if (!commitInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "relay.rpc.dispatch.commit-interval must be positive, not " + commitInterval);
        }
        if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
            throw new IllegalArgumentException("relay.rpc.dispatch.grace must be from 0s to 5m, not " + grace);
        }
    }

    DeviceDispatcher.Bounds bounds() {
        return new DeviceDispatcher.Bounds(maxInFlight, maxInFlightPerDevice, maxWaitingPerDevice, maxBytes.toBytes());
    }
}
