package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.Optional;
import java.util.function.Function;

/** Who may do what in RabbitMQ: a user reads the queues of their own devices, and does nothing else. */
final class ReadAccess {

    private final String virtualHost;
    private final Function<ChannelKey, Optional<Subscription>> subscriptions;

    /**
     * Creates it.
     *
     * @param virtualHost the one that has the queues
     * @param subscriptions those in force
     */
    ReadAccess(String virtualHost, Function<ChannelKey, Optional<Subscription>> subscriptions) {
        this.virtualHost = virtualHost;
        this.subscriptions = subscriptions;
    }

    /** Whether users may use this virtual host. */
    boolean permits(String host) {
        return host.equals(virtualHost);
    }

    /**
     * Whether a user may use something.
     *
     * @param host its virtual host
     * @param resource its kind in RabbitMQ: {@code queue}, {@code exchange} or {@code topic}
     * @param name its name
     * @param permission {@code configure}, {@code write} or {@code read}
     */
    boolean permits(String user, String host, String resource, String name, String permission) {
        return permits(host)
                && resource.equals("queue")
                && permission.equals("read")
                && DeviceQueue.named(name).filter(queue -> owns(user, queue)).isPresent();
    }

    private boolean owns(String user, DeviceQueue queue) {
        return subscriptions
                .apply(new ChannelKey(queue.deviceId(), RabbitChannel.KIND, ""))
                .filter(subscription -> subscription.id().equals(queue.subscriptionId())
                        && subscription.device().userId().equals(user))
                .isPresent();
    }
}
