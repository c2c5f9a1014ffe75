package dev.ncwrelay.delivery.messages.subscription;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of subscriptions: {@code relay.delivery.live.*}.
 *
 * @param window maximum number of unacknowledged messages of a WebSocket client
 * @param heartbeat after how long without a message a heartbeat is sent
 * @param life maximum lifetime, shortened a little at random; then the client is asked to reconnect
 * @param undrained how long a client may take to read what was sent before its connection is closed
 * @param perDevice maximum number of concurrent subscriptions of one device
 * @param perNode maximum number of concurrent subscriptions of a node
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
