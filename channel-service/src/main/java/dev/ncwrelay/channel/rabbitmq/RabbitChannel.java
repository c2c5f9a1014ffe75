package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.forward.Channel;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.ReturnedMessage;
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

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Spring keeps a channel of the connection for each message until it is confirmed, and closes most of them a little later,
     * so that for a moment there may be twice as many; a connection has 2,047 by default.
     */
    private static final int MAX_IN_FLIGHT = 700;

    /** Messages that were not confirmed in time keep their channels, too. */
    private static final int MAX_UNCONFIRMED = 500;

    private final RabbitTemplate template;
    private final AmqpAdmin admin;
    private final CachingConnectionFactory connections;
    private final BlockedConnections blocked;
    private final DeviceMessage messages;
    private final RabbitSettings settings;

    /** One for each message on its way, of all threads. Fair, so that no round waits for ever for as many as it needs. */
    private final Semaphore free = new Semaphore(MAX_IN_FLIGHT, true);

    /** Messages that were not confirmed in time, on the present connection. */
    private final AtomicLong unconfirmed = new AtomicLong();

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
        var outcomes = new ArrayList<SendOutcome>(round.size());
        for (int begin = 0; begin < round.size(); begin += MAX_IN_FLIGHT) {
            outcomes.addAll(sendPart(round.subList(begin, Math.min(round.size(), begin + MAX_IN_FLIGHT))));
        }
        return outcomes;
    }

    private List<SendOutcome> sendPart(List<Message> part) {
        requireNoAlarm();
        acquire(part.size());
        // Each is free again when its message is answered, and in the end: others wait for none that is not.
        var places = part.stream().map(_ -> place()).toList();
        try {
            // One may have begun while it waited for them.
            requireNoAlarm();
            var sent = new ArrayList<CorrelationData>(part.size());
            for (var message : part) {
                var place = places.get(sent.size());
                sent.add(publish(message));
                var _ = sent.getLast().getFuture().whenComplete((_, _) -> place.complete(null));
            }
            await(sent, settings.confirmTimeout());
            if (!sent.stream().allMatch(RabbitChannel::isAnswered)) {
                requireConfirmations(sent);
            }
            var outcomes = sent.stream().map(this::outcome).toList();
            limitUnconfirmed(sent);
            return outcomes;
        } catch (AmqpException e) {
            throw unavailable(e);
        } finally {
            places.forEach(place -> place.complete(null));
        }
    }

    private void acquire(int places) {
        try {
            if (!free.tryAcquire(places, settings.confirmTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ChannelUnavailableException("RabbitMQ is slow: too many messages wait for its confirmation");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelUnavailableException("interrupted", e);
        }
    }

    /** One that is acquired. It is released once, however often it is completed. */
    private CompletableFuture<Void> place() {
        var place = new CompletableFuture<Void>();
        var _ = place.thenRun(free::release);
        return place;
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

    /** For all together: a round with many that are not confirmed takes no longer than with one. */
    private static void await(List<CorrelationData> sent, Duration timeout) {
        var all = CompletableFuture.allOf(
                sent.stream().map(CorrelationData::getFuture).toArray(CompletableFuture[]::new));
        try {
            all.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What became of each is looked at later.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelUnavailableException("interrupted", e);
        }
    }

    /**
     * Some messages of a round are not confirmed in time. Of a broker that confirms others, it is their queues that do not
     * have them yet, as a quorum queue without a majority: each may still get its message later, which then comes again there
     * after it was sent again, and overtakes none.
     */
    private void requireConfirmations(List<CorrelationData> sent) {
        // During an alarm the connection stays: on a new one the broker would accept the same again.
        requireNoAlarm();
        if (sent.stream().noneMatch(RabbitChannel::isConfirmed) && !confirmsOthers()) {
            // Whether the broker has them will never be known on this connection.
            connections.resetConnection();
            throw new ChannelUnavailableException("RabbitMQ did not confirm a message within " + confirmTimeout());
        }
    }

    /** A reset fails what is on its way, so it comes after the outcomes are known. */
    private void limitUnconfirmed(List<CorrelationData> sent) {
        long missing = sent.stream().filter(each -> !isAnswered(each)).count();
        if (unconfirmed.addAndGet(missing) > MAX_UNCONFIRMED) {
            unconfirmed.set(0);
            connections.resetConnection();
        }
    }

    /** Sends what goes to no queue, and so depends on none: the broker returns it, and confirms it at once. */
    private boolean confirmsOthers() {
        var probe = new CorrelationData(UUID.randomUUID().toString());
        var nothing = new org.springframework.amqp.core.Message(new byte[0]);
        template.send(DeviceQueue.EXCHANGE, "none", nothing, probe);
        await(
                List.of(probe),
                PROBE_TIMEOUT.compareTo(settings.confirmTimeout()) < 0 ? PROBE_TIMEOUT : settings.confirmTimeout());
        return isConfirmed(probe);
    }

    private static boolean isAnswered(CorrelationData sent) {
        return sent.getFuture().isDone();
    }

    /** The broker's rejections have no reason, and are its answer, too. */
    private static boolean isConfirmed(CorrelationData sent) {
        return sent.getFuture().state() == Future.State.SUCCESS
                && (sent.getFuture().resultNow().ack()
                        || sent.getFuture().resultNow().reason() == null);
    }

    private SendOutcome outcome(CorrelationData sent) {
        return switch (sent.getFuture().state()) {
            case RUNNING -> new SendOutcome.Refused("RabbitMQ did not confirm it within " + confirmTimeout());
            case SUCCESS -> outcome(sent.getFuture().resultNow(), sent.getReturned());
            case FAILED, CANCELLED -> throw new ChannelUnavailableException("RabbitMQ did not confirm a message");
        };
    }

    private SendOutcome outcome(CorrelationData.Confirm confirm, @Nullable ReturnedMessage returned) {
        // A returned message is confirmed, too.
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
    }

    private String confirmTimeout() {
        return settings.confirmTimeout().toSeconds() + " s";
    }

    private static ChannelUnavailableException unavailable(AmqpException reason) {
        var cause = reason.getCause();
        return new ChannelUnavailableException(
                "RabbitMQ: " + ClientFailure.text(cause == null ? reason : cause), reason);
    }
}
