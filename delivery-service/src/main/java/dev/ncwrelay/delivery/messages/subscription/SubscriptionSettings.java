package dev.ncwrelay.delivery.messages.subscription;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of connections that stay: {@code relay.delivery.live.*}.
 *
 * @param window messages a WebSocket client may have without having acknowledged them
 * @param heartbeat how long a connection is silent at the most
 * @param life how long it lasts at the most, shortened a little at random; then the client is told to connect anew
 * @param undrained how long a client may take to read what was sent; then the connection is closed
 * @param perDevice connections of one device at the same time
 * @param perNode connections of a node at the same time
 */
@ConfigurationProperties(prefix = "relay.delivery.live", ignoreUnknownFields = false)
public record SubscriptionSettings(
        @DefaultValue("256") int window,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("15m") Duration life,
        @DefaultValue("10s") Duration undrained,
        @DefaultValue("8") int perDevice,
        @DefaultValue("15000") int perNode) {

    public SubscriptionSettings {
        require(window > 0, "window", window);
        require(heartbeat.isPositive(), "heartbeat", heartbeat);
        require(life.isPositive(), "life", life);
        require(undrained.isPositive(), "undrained", undrained);
        require(perDevice > 0, "per-device", perDevice);
        require(perNode > 0, "per-node", perNode);
    }

    private static void require(boolean holds, String key, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("relay.delivery.live." + key + " must be positive, not " + actual);
        }
    }
}
