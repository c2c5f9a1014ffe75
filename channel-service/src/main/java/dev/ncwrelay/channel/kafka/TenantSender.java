package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the topics of tenants. An event that its topic can never accept becomes a dead letter on the relay's Kafka;
 * with every other failure it has to be sent again.
 */
final class TenantSender implements TenantTarget, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TenantSender.class);

    private final TenantTopics topics;
    private final ClientProducer producer;
    private final ClientSender sender;
    private final ClientMessage messages;
    private final DeadLetterSink deadLetters;
    private final ChannelMetrics metrics;
    private final Clock clock;

    /** @param producer closed with this */
    TenantSender(
            TenantTopics topics,
            ClientProducer producer,
            ClientMessage messages,
            DeadLetterSink deadLetters,
            ChannelMetrics metrics,
            Clock clock) {
        this.topics = topics;
        this.producer = producer;
        this.sender = new ClientSender(topics.cluster(), producer, clock);
        this.messages = messages;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.clock = clock;
    }

    TenantTopics topics() {
        return topics;
    }

    @Override
    public void open() {
        topics.open();
    }

    @Override
    public boolean mayReceive(Set<TopicPartition> targets, String deviceId) {
        return topics.mayReceive(targets, deviceId);
    }

    @Override
    public List<Held> send(List<TenantMessage> round, Consumer<TenantMessage> done) {
        topics.open();
        var deliveries = sender.send(round.stream()
                .map(message -> messages.of(
                        message.event(),
                        message.cursor(),
                        message.target().topic(),
                        message.target().partition()))
                .toList());
        // Before anything that may fail.
        for (int i = 0; i < round.size(); i++) {
            if (deliveries.get(i) instanceof Delivery.Acknowledged) {
                metrics.accepted();
                done.accept(round.get(i));
            }
        }
        var held = new ArrayList<Held>();
        Optional<ChannelUnavailableException> unavailable = Optional.empty();
        for (int i = 0; i < round.size(); i++) {
            var message = round.get(i);
            switch (deliveries.get(i)) {
                case Delivery.Acknowledged() -> {}
                case Delivery.Impossible(var reason) -> {
                    setAside(message, reason);
                    done.accept(message);
                }
                case Delivery.Held(var reason) -> held.add(new Held(message, ClientFailure.text(reason)));
                case Delivery.Unavailable(var reason) -> unavailable = Optional.of(reason);
            }
        }
        if (!held.isEmpty() || unavailable.isPresent()) {
            topics.recheck();
        }
        unavailable.ifPresent(reason -> {
            throw reason;
        });
        return held;
    }

    @Override
    public void close() {
        producer.close();
        topics.close();
    }

    private void setAside(TenantMessage message, Throwable failure) {
        var source = message.source();
        log.atError()
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("reason", failure.toString())
                .log("event not accepted by the topic of its tenant");
        var reason = message.topic().name() + " does not accept it: " + failure;
        deadLetters.publish(DeadLetters.of(source, reason, clock.instant()));
        metrics.refused();
    }
}
