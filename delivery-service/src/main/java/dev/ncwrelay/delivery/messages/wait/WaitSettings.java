package dev.ncwrelay.delivery.messages.wait;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of waits: {@code relay.delivery.wait.*}.
 *
 * @param perDevice maximum number of concurrent waits of one device
 * @param perNode maximum number of concurrent waits of a node
 * @param perSecond sustained requests per second and device; a client that exceeds it is asked to use long polling
 * @param coalesce how long to collect further messages of a burst before a wait is answered; a wait that has been held
 *     for ten times as long is answered at once
 * @param drain over how long the ends of held waits are spread at random when the node shuts down
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
