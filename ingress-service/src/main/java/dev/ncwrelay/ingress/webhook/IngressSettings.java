package dev.ncwrelay.ingress.webhook;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the webhook endpoint: {@code relay.ingress.http.*}.
 *
 * @param maxBody bytes of a webhook at the most; Fireblocks documents no limit of its own
 */
@ConfigurationProperties(prefix = "relay.ingress.http", ignoreUnknownFields = false)
record IngressSettings(@DefaultValue("5MB") DataSize maxBody) {

    IngressSettings {
        if (maxBody.toBytes() <= 0
                || maxBody.toBytes() > DataSize.ofMegabytes(5).toBytes()) {
            throw new IllegalArgumentException(
                    "relay.ingress.http.max-body must be positive and at most 5MB, which Kafka takes; not " + maxBody);
        }
    }
}
