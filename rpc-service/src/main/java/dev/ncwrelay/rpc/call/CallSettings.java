package dev.ncwrelay.rpc.call;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How Fireblocks is called: {@code relay.rpc.call.*}.
 *
 * @param timeout longest wait for one response, if the request's deadline is not earlier
 * @param connectTimeout longest wait for a connection
 * @param writeTimeout longest stall while a request is sent
 * @param maxAnswer largest response that is accepted; records in Kafka are sized for 5 MiB
 * @param idleConnections connections kept open between calls
 * @param idleTime how long they are kept
 */
@ConfigurationProperties(prefix = "relay.rpc.call", ignoreUnknownFields = false)
record CallSettings(
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration writeTimeout,
        @DefaultValue("5MB") DataSize maxAnswer,
        @DefaultValue("200") int idleConnections,
        @DefaultValue("30s") Duration idleTime) {

    private static final DataSize MAX_ANSWER = DataSize.ofMegabytes(5);

    CallSettings {
        requirePositive("timeout", timeout);
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("write-timeout", writeTimeout);
        requirePositive("idle-time", idleTime);
        if (maxAnswer.toBytes() < 1 || maxAnswer.compareTo(MAX_ANSWER) > 0) {
            throw new IllegalArgumentException("relay.rpc.call.max-answer must be from 1B to 5MB, not " + maxAnswer);
        }
        if (idleConnections < 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.call.idle-connections must not be negative, not " + idleConnections);
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("relay.rpc.call." + key + " must be positive, not " + value);
        }
    }
}
