package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.subscription.Subscription;
import java.util.Optional;

/**
 * The queue of one subscription of a device. Another subscription, of the same owner or of the next, has another queue: who
 * may read one may not read the other, and what is done to one late does nothing to the other.
 *
 * @param deviceId of letters, digits and {@code . _ : -}, as devices are registered
 */
record DeviceQueue(String deviceId, String subscriptionId) {

    /** The exchange of all devices' events. */
    static final String EXCHANGE = "ncw.devices";

    private static final String PREFIX = "ncw.device.";
    private static final char SEPARATOR = '.';

    static DeviceQueue of(Subscription subscription) {
        return new DeviceQueue(subscription.key().deviceId(), subscription.id());
    }

    /** The queue with this name; empty for a queue of somebody else. */
    static Optional<DeviceQueue> named(String name) {
        int end = name.lastIndexOf(SEPARATOR);
        return name.startsWith(PREFIX) && end > PREFIX.length()
                ? Optional.of(new DeviceQueue(name.substring(PREFIX.length(), end), name.substring(end + 1)))
                : Optional.empty();
    }

    String name() {
        return PREFIX + routingKey();
    }

    /** The routing key of its messages. */
    String routingKey() {
        return deviceId + SEPARATOR + subscriptionId;
    }
}
