package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.schemas.ChannelKey;
import java.util.Optional;
import java.util.function.Function;

/** Who may do what in RabbitMQ: a user reads the queues of own devices, and does nothing else. */
final class ReadAccess {

    private final Function<ChannelKey, Optional<String>> owners;

    /** @param owners the user of a device that is subscribed; empty when it is not */
    ReadAccess(Function<ChannelKey, Optional<String>> owners) {
        this.owners = owners;
    }

    /**
     * Whether a user may use something.
     *
     * @param resource its kind in RabbitMQ: {@code queue}, {@code exchange} or {@code topic}
     * @param name its name
     * @param permission {@code configure}, {@code write} or {@code read}
     */
    boolean permits(String user, String resource, String name, String permission) {
        return resource.equals("queue")
                && permission.equals("read")
                && DeviceQueue.device(name)
                        .flatMap(device -> owners.apply(new ChannelKey(device, RabbitChannel.KIND, "")))
                        .filter(user::equals)
                        .isPresent();
    }
}
