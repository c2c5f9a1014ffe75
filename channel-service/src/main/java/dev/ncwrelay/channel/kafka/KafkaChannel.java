package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.forward.Channel;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.ClientTopic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** The topics of devices. A message is accepted when all in-sync replicas have it. */
final class KafkaChannel implements Channel {

    static final String KIND = "kafka";

    private static final SendOutcome ACCEPTED = new SendOutcome.Accepted();
    private static final SendOutcome GONE = new SendOutcome.Gone("the topic does not exist any more");

    private final ClientCluster cluster;
    private final ClientSender sender;
    private final ClientMessage messages;

    /** Topics that this instance has seen. */
    private final Set<ClientTopic> known = ConcurrentHashMap.newKeySet();

    /** Topics that it was not permitted to write since it last wrote any, and how Kafka says so. */
    private final Map<ClientTopic, String> denied = new ConcurrentHashMap<>();

    KafkaChannel(ClientCluster cluster, ClientSender sender, ClientMessage messages) {
        this.cluster = cluster;
        this.sender = sender;
        this.messages = messages;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** Nothing was accepted since a topic could not be written: it may be a permission that is missing for all. */
    @Override
    public Optional<String> failure() {
        return denied.values().stream().findFirst();
    }

    @Override
    public void open(Subscription subscription) {
        var topic = topicOf(subscription);
        cluster.open(topic, subscription.device().userId());
        // Not looked up: a broker may learn of it a little later.
        known.add(topic);
    }

    @Override
    public void close(ChannelKey key, String subscriptionId) {
        var topic = new ClientTopic(key.deviceId(), subscriptionId);
        forget(topic);
        cluster.close(topic);
    }

    @Override
    public void forget(Subscription subscription) {
        forget(topicOf(subscription));
    }

    private void forget(ClientTopic topic) {
        known.remove(topic);
        denied.remove(topic);
        sender.forget(new TopicPartition(topic.name(), 0));
    }

    /**
     * Sends a round. A topic of which this instance knows nothing is looked up first: Kafka's producer waits seconds for
     * one that does not exist, for each of a round one after the other.
     */
    @Override
    public List<SendOutcome> send(List<Message> round) {
        var gone = new HashSet<>(cluster.missing(round.stream()
                .map(KafkaChannel::topicOf)
                .filter(topic -> !known.contains(topic))
                .toList()));
        var present = round.stream()
                .filter(message -> !gone.contains(topicOf(message)))
                .toList();
        var deliveries = deliver(present);
        var refused = deliveries.entrySet().stream()
                .filter(each -> !(each.getValue() instanceof Delivery.Acknowledged))
                .map(Map.Entry::getKey)
                .toList();
        // Any of them may be gone: they are looked up before the next attempt, too.
        refused.forEach(known::remove);
        if (refused.size() == deliveries.size()) {
            deliveries.values().forEach(KafkaChannel::failIfUnavailable);
            gone.addAll(cluster.missing(refused));
        } else {
            gone.addAll(missingIfKnown(refused));
        }
        gone.forEach(denied::remove);
        return round.stream()
                .map(KafkaChannel::topicOf)
                .map(topic -> gone.contains(topic) ? GONE : outcome(deliveries.get(topic)))
                .toList();
    }

    /** What was acknowledged is recorded, whatever else fails: otherwise it would be sent again and again. */
    private Set<ClientTopic> missingIfKnown(List<ClientTopic> refused) {
        try {
            return cluster.missing(refused);
        } catch (ChannelUnavailableException e) {
            return Set.of();
        }
    }

    private Map<ClientTopic, Delivery> deliver(List<Message> messages) {
        var records = messages.stream()
                .map(message -> this.messages.of(
                        message.event(), message.cursor(), topicOf(message).name(), 0))
                .toList();
        var deliveries = sender.send(records);
        var byTopic = new HashMap<ClientTopic, Delivery>();
        for (int i = 0; i < messages.size(); i++) {
            var topic = topicOf(messages.get(i));
            known.add(topic);
            byTopic.put(topic, deliveries.get(i));
        }
        noteDenied(byTopic);
        return byTopic;
    }

    private void noteDenied(Map<ClientTopic, Delivery> deliveries) {
        if (deliveries.values().stream().anyMatch(Delivery.Acknowledged.class::isInstance)) {
            denied.clear();
            return;
        }
        deliveries.forEach((topic, delivery) -> {
            if (delivery instanceof Delivery.Unavailable(var reason) && isDenied(reason)) {
                denied.put(topic, String.valueOf(reason.getMessage()));
            }
        });
    }

    private static boolean isDenied(ChannelUnavailableException reason) {
        return reason.getCause() instanceof TopicAuthorizationException;
    }

    /** One topic that may not be written tells nothing of others. */
    private static void failIfUnavailable(Delivery delivery) {
        if (delivery instanceof Delivery.Unavailable(var reason) && !isDenied(reason)) {
            throw reason;
        }
    }

    private static SendOutcome outcome(@Nullable Delivery delivery) {
        return switch (Objects.requireNonNull(delivery)) {
            case Delivery.Acknowledged() -> ACCEPTED;
            case Delivery.Impossible(var reason) -> refused(reason.toString());
            case Delivery.Held(var reason) -> refused(reason.toString());
            // Others of the round were acknowledged, or this topic alone is denied.
            case Delivery.Unavailable(var reason) -> refused(reason.getMessage());
        };
    }

    private static SendOutcome refused(@Nullable String reason) {
        return new SendOutcome.Refused("the topic does not accept it: " + reason);
    }

    private static ClientTopic topicOf(Message message) {
        return topicOf(message.subscription());
    }

    private static ClientTopic topicOf(Subscription subscription) {
        return new ClientTopic(subscription.key().deviceId(), subscription.id());
    }
}
