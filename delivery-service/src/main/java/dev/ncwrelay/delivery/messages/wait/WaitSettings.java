package dev.ncwrelay.delivery.messages.wait;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of waiting: {@code relay.delivery.wait.*}.
 *
 * @param perDevice waits of one device at the same time
 * @param perNode waits of a node at the same time
 * @param perSecond how often a second a device may ask, in the long run; who does not wait is told to
 * @param coalesce after a wake, how long to let a burst gather before it is answered
 * @param drain how long the waits of a node that shuts down take to end, spread at random
 */
@ConfigurationProperties(prefix = "relay.delivery.wait", ignoreUnknownFields = false)
public record WaitSettings(
        @DefaultValue("16") int perDevice,
        @DefaultValue("15000") int perNode,
        @DefaultValue("20") int perSecond,
        @DefaultValue("1ms") Duration coalesce,
        @DefaultValue("2s") Duration drain) {

    public WaitSettings {
        require(perDevice > 0, "per-device", perDevice);
        require(perNode > 0, "per-node", perNode);
        require(perSecond > 0, "per-second", perSecond);
        requireNotNegative(coalesce, "coalesce");
        requireNotNegative(drain, "drain");
    }

    private static void requireNotNegative(Duration actual, String key) {
        if (actual.isNegative()) {
            throw new IllegalArgumentException("relay.delivery.wait." + key + " must be 0 or more, not " + actual);
        }
    }

    private static void require(boolean holds, String key, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("relay.delivery.wait." + key + " must be positive, not " + actual);
        }
    }
}
