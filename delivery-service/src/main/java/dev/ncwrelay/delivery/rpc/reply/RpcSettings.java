package dev.ncwrelay.delivery.rpc.reply;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of RPC calls: {@code relay.delivery.rpc.*}.
 *
 * @param timeout maximum duration of a call; afterwards it is not sent
 * @param memory how long a request id is remembered, so that a repeated call gets the same response
 * @param maxMemory bytes of replies kept for that
 * @param calls in-flight calls on this node
 * @param callsPerDevice in-flight calls of one device on this node
 */
@ConfigurationProperties(prefix = "relay.delivery.rpc", ignoreUnknownFields = false)
public record RpcSettings(
        @DefaultValue("55s") Duration timeout,
        @DefaultValue("5m") Duration memory,
        @DefaultValue("64MB") DataSize maxMemory,
        @DefaultValue("10000") int calls,
        @DefaultValue("32") int callsPerDevice) {

    public RpcSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("relay.delivery.rpc.timeout must be positive, not " + timeout);
        }
        if (memory.compareTo(timeout.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.rpc.memory must be at least twice relay.delivery.rpc.timeout, not " + memory);
        }
        if (maxMemory.toBytes() <= 0) {
            throw new IllegalArgumentException("relay.delivery.rpc.max-memory must be positive, not " + maxMemory);
        }
        if (calls < 1) {
            throw new IllegalArgumentException("relay.delivery.rpc.calls must be positive, not " + calls);
        }
        if (callsPerDevice < 1) {
            throw new IllegalArgumentException(
                    "relay.delivery.rpc.calls-per-device must be positive, not " + callsPerDevice);
        }
    }
}
