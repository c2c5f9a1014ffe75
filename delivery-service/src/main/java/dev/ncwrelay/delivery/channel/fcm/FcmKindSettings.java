package dev.ncwrelay.delivery.channel.fcm;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Push notifications: {@code relay.delivery.channel.fcm.*}. This service does not connect to Firebase.
 *
 * @param enabled whether channel-service sends push notifications, so that devices may subscribe
 * @param maxTokens most subscriptions of a device: each has a token
 */
@ConfigurationProperties(prefix = "relay.delivery.channel.fcm", ignoreUnknownFields = false)
public record FcmKindSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("10") int maxTokens) {

    static final String ENABLED = "relay.delivery.channel.fcm.enabled (RELAY_DELIVERY_CHANNEL_FCM_ENABLED)";

    /** All tokens of a device are compared when one is added, and are in one response. */
    private static final int MAX_TOKENS = 100;

    public FcmKindSettings {
        if (maxTokens < 1 || maxTokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "relay.delivery.channel.fcm.max-tokens must be 1 to " + MAX_TOKENS + ", not " + maxTokens);
        }
    }
}
