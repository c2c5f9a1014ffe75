package dev.ncwrelay.delivery.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of HTTP: {@code relay.delivery.http.*}.
 *
 * @param maxBody maximum bytes of a request body; an SDK's message is the largest, and Fireblocks asks backends to take
 *     2 MB of it
 * @param maxBodies maximum bytes of all bodies that are being read; reading one takes about six times its bytes of heap
 *     for a moment
 * @param minRate bytes of a body that must arrive per second, on average over {@code rateWindow}
 * @param rateWindow how long a body may take in any case, and over what time its rate is measured
 * @param headTimeout time from the first byte of a request's head to its last
 * @param maxConnections maximum number of connections, idle ones included; further ones wait to be accepted
 * @param acceptQueue connections that may wait to be accepted; the kernel drops a burst beyond it
 */
@ConfigurationProperties(prefix = "relay.delivery.http", ignoreUnknownFields = false)
public record HttpSettings(
        @DefaultValue("4MB") DataSize maxBody,
        @DefaultValue("32MB") DataSize maxBodies,
        @DefaultValue("32KB") DataSize minRate,
        @DefaultValue("10s") Duration rateWindow,
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("40000") int maxConnections,
        @DefaultValue("4096") int acceptQueue) {

    /** Kafka's maximum record size is chosen for it. */
    private static final DataSize MAX_BODY = DataSize.ofMegabytes(5);

    public HttpSettings {
        if (maxBody.toBytes() <= 0 || maxBody.compareTo(MAX_BODY) > 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.http.max-body must be positive and at most 5MB, which Kafka takes; not " + maxBody);
        }
        if (maxBodies.toBytes() < 2 * maxBody.toBytes()) {
            throw new IllegalArgumentException(
                    "relay.delivery.http.max-bodies must be at least twice max-body, not " + maxBodies);
        }
        if (minRate.toBytes() < 1) {
            throw new IllegalArgumentException("relay.delivery.http.min-rate must be positive, not " + minRate);
        }
        requireClientTime("rate-window", rateWindow);
        requireClientTime("head-timeout", headTimeout);
        if (maxConnections <= 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.http.max-connections must be positive, not " + maxConnections);
        }
        if (acceptQueue <= 0) {
            throw new IllegalArgumentException("relay.delivery.http.accept-queue must be positive, not " + acceptQueue);
        }
    }

    /** A time that clients are given to send something. */
    private static void requireClientTime(String key, Duration time) {
        if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("relay.delivery.http." + key + " must be from 100ms to 1m, not " + time);
        }
    }
}
