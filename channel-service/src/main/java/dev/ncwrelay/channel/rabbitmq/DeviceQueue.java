package dev.ncwrelay.channel.rabbitmq;

import java.util.Optional;

/** The names of what belongs to a device in RabbitMQ. */
final class DeviceQueue {

    /** The exchange of all devices' events, with the device id as routing key. */
    static final String EXCHANGE = "ncw.devices";

    private static final String PREFIX = "ncw.device.";

    private DeviceQueue() {}

    static String name(String deviceId) {
        return PREFIX + deviceId;
    }

    /** The device of a queue; empty for another queue. */
    static Optional<String> device(String queue) {
        return queue.startsWith(PREFIX) && queue.length() > PREFIX.length()
                ? Optional.of(queue.substring(PREFIX.length()))
                : Optional.empty();
    }
}
