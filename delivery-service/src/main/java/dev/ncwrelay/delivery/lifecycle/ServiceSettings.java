package dev.ncwrelay.delivery.lifecycle;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of HTTP: {@code relay.delivery.http.*}.
 *
 * @param maxBody bytes of a request's body at the most; an SDK's message is the largest
 * @param acceptQueue connections that may wait to be accepted; a burst beyond it is lost to the clients
 */
@ConfigurationProperties(prefix = "relay.delivery.http", ignoreUnknownFields = false)
record ServiceSettings(
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue("4096") int acceptQueue) {

    ServiceSettings {
        if (maxBody.toBytes() <= 0) {
            throw new IllegalArgumentException("relay.delivery.http.max-body must be positive, not " + maxBody);
        }
        if (acceptQueue <= 0) {
            throw new IllegalArgumentException("relay.delivery.http.accept-queue must be positive, not " + acceptQueue);
        }
    }
}
