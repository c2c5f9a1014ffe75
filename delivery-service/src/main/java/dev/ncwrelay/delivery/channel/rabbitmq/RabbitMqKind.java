package dev.ncwrelay.delivery.channel.rabbitmq;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A queue of its own for each subscription on RabbitMQ. A subscription has no settings. */
record RabbitMqKind(RabbitMqSettings rabbit) implements ChannelKind {

    private static final String EXCHANGE = "ncw.devices";
    private static final String QUEUE_PREFIX = "ncw.device.";

    /**
     * How a client connects.
     *
     * @param exchange which the events are published to, with {@code routingKey}; for information: clients only read the
     *     queue
     * @param passwordSource what the password is: always {@code access_token}, the token that the client has for this
     *     service
     */
    record RabbitMqConnection(
            String url, String queue, String exchange, String routingKey, String username, String passwordSource) {}

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public Optional<String> unavailable() {
        return rabbit.url() == null
                ? Optional.of("channels of the kind rabbitmq are not configured: the operator must set "
                        + RabbitMqSettings.URL)
                : Optional.empty();
    }

    @Override
    public ChannelSettings settings(Map<String, Object> body) {
        if (!body.isEmpty()) {
            throw new Failure.InvalidRequest("no body or {} is expected: a subscription to rabbitmq has no settings")
                    .exception();
        }
        return ChannelSettings.none();
    }

    @Override
    public RabbitMqConnection connection(RegisteredDevice device, ChannelSubscription subscription) {
        var routingKey = device.deviceId() + "." + subscription.getSubscriptionId();
        return new RabbitMqConnection(
                Objects.requireNonNull(rabbit.url()).toString(),
                QUEUE_PREFIX + routingKey,
                EXCHANGE,
                routingKey,
                device.userId(),
                "access_token");
    }
}
