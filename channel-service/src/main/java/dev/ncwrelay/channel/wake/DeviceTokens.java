package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tokens of all devices. Look-ups never block. */
interface DeviceTokens {

    /** Those of a device that are in force and not broken. */
    List<Token> of(String deviceId);

    /** The subscription of a token, if it is in force. */
    Optional<Subscription> find(ChannelKey key);

    /** The keys of a device's subscriptions, in force or not, and of their states. */
    Set<ChannelKey> keys(String deviceId);

    /** Whether the device has a subscription, in force or not. */
    boolean isSubscribed(String deviceId);

    /** Whether changes are being read at present. */
    boolean isCurrent();
}
