package dev.ncwrelay.delivery.lifecycle;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of HTTP: {@code relay.delivery.http.*}.
 *
 * @param maxBody bytes of a request's body at the most; an SDK's message is the largest, and Fireblocks asks backends to
 *     take 2 MB of it
 * @param acceptQueue connections that may wait to be accepted; a burst beyond it is lost to the clients
 */
@ConfigurationProperties(prefix = "relay.delivery.http", ignoreUnknownFields = false)
record ServiceSettings(
        @DefaultValue("4MB") DataSize maxBody,
        @DefaultValue("4096") int acceptQueue) {

    /** The log's records are sized for it. */
    private static final DataSize LARGEST_BODY = DataSize.ofMegabytes(5);

    ServiceSettings {
        if (maxBody.toBytes() <= 0 || maxBody.compareTo(LARGEST_BODY) > 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.http.max-body must be positive and at most 5MB, which Kafka takes; not " + maxBody);
        }
        if (acceptQueue <= 0) {
            throw new IllegalArgumentException("relay.delivery.http.accept-queue must be positive, not " + acceptQueue);
        }
    }
}
