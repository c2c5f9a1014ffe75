package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.forward.Channel;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * The devices' queues in RabbitMQ. A message is accepted when the broker has confirmed it, which for a durable queue is after
 * it is on disk: https://www.rabbitmq.com/docs/confirms.
 */
final class RabbitChannel implements Channel {

    static final String KIND = "rabbitmq";

    private static final TopicExchange EXCHANGE = new TopicExchange(DeviceQueue.EXCHANGE, true, false);

    private final RabbitTemplate template;
    private final AmqpAdmin admin;
    private final CachingConnectionFactory connections;
    private final BlockedConnections blocked;
    private final DeviceMessage messages;
    private final RabbitSettings settings;

    RabbitChannel(
            RabbitTemplate template,
            AmqpAdmin admin,
            CachingConnectionFactory connections,
            BlockedConnections blocked,
            CursorCodec cursors,
            RabbitSettings settings) {
        this.template = template;
        this.admin = admin;
        this.connections = connections;
        this.blocked = blocked;
        this.messages = new DeviceMessage(cursors);
        this.settings = settings;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void open(Subscription subscription) {
        requireNoAlarm();
        try {
            var names = DeviceQueue.of(subscription);
            admin.declareExchange(EXCHANGE);
            var queue = queue(names);
            admin.declareQueue(queue);
            admin.declareBinding(BindingBuilder.bind(queue).to(EXCHANGE).with(names.routingKey()));
        } catch (AmqpException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void close(ChannelKey key, String subscriptionId) {
        requireNoAlarm();
        try {
            // The method without conditions would only return false when it fails.
            admin.deleteQueue(new DeviceQueue(key.deviceId(), subscriptionId).name(), false, false);
        } catch (AmqpException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<SendOutcome> send(List<Message> round) {
        requireNoAlarm();
        try {
            var confirmations = round.stream().map(this::publish).toList();
            var outcomes = new ArrayList<SendOutcome>(round.size());
            for (var confirmation : confirmations) {
                outcomes.add(outcome(confirmation));
            }
            return outcomes;
        } catch (AmqpException e) {
            throw unavailable(e);
        }
    }

    @Override
    public Optional<String> failure() {
        return blocked.reason().map(alarm -> "RabbitMQ accepts nothing: " + alarm);
    }

    /** What is sent during an alarm would be read when it ends, each attempt again. */
    private void requireNoAlarm() {
        failure().ifPresent(alarm -> {
            throw new ChannelUnavailableException(alarm);
        });
    }

    private Queue queue(DeviceQueue names) {
        var builder = QueueBuilder.durable(names.name())
                // The builder's own methods take an int, which is less than RabbitMQ accepts.
                .withArgument("x-message-ttl", settings.messageTtl().toMillis())
                .withArgument("x-expires", settings.queueExpiry().toMillis())
                .maxLength((long) settings.maxLength())
                .overflow(QueueBuilder.Overflow.rejectPublish);
        return settings.quorum() ? builder.quorum().build() : builder.build();
    }

    private CorrelationData publish(Message message) {
        var correlation = new CorrelationData(UUID.randomUUID().toString());
        var routingKey = DeviceQueue.of(message.subscription()).routingKey();
        template.send(DeviceQueue.EXCHANGE, routingKey, messages.of(message), correlation);
        return correlation;
    }

    private SendOutcome outcome(CorrelationData correlation) {
        try {
            var confirm = correlation.getFuture().get(settings.confirmTimeout().toMillis(), TimeUnit.MILLISECONDS);
            // A returned message is confirmed, too.
            var returned = correlation.getReturned();
            if (returned != null) {
                return new SendOutcome.Gone("the queue does not exist any more: " + returned.getReplyText());
            }
            if (confirm.ack()) {
                return new SendOutcome.Accepted();
            }
            if (confirm.reason() != null) {
                // Of the connection: the broker's own rejections have no reason.
                throw new ChannelUnavailableException("RabbitMQ did not confirm a message: " + confirm.reason());
            }
            return new SendOutcome.Refused(
                    "RabbitMQ rejects messages, as it does when " + settings.maxLength() + " are unread");
        } catch (TimeoutException e) {
            // During an alarm the connection stays: on a new one the broker would accept the same again.
            requireNoAlarm();
            // Whether the broker has it will never be known on this connection.
            connections.resetConnection();
            throw new ChannelUnavailableException(
                    "RabbitMQ did not confirm a message within "
                            + settings.confirmTimeout().toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw new ChannelUnavailableException(
                    "RabbitMQ did not confirm a message: " + ClientFailure.text(ClientFailure.cause(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelUnavailableException("interrupted", e);
        }
    }

    private static ChannelUnavailableException unavailable(AmqpException reason) {
        var cause = reason.getCause();
        return new ChannelUnavailableException(
                "RabbitMQ: " + ClientFailure.text(cause == null ? reason : cause), reason);
    }
}
