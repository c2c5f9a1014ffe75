package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.forward.Channel;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.ClientTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** The topics of devices. A message is accepted when all in-sync replicas have it. */
final class KafkaChannel implements Channel {

    static final String KIND = "kafka";

    private static final SendOutcome ACCEPTED = new SendOutcome.Accepted();
    private static final SendOutcome GONE = new SendOutcome.Gone("the topic does not exist any more");

    private final ClientCluster cluster;
    private final ClientProducer producer;
    private final ClientMessage messages;

    /** Topics that this instance has seen. */
    private final Set<ClientTopic> known = ConcurrentHashMap.newKeySet();

    KafkaChannel(ClientCluster cluster, ClientProducer producer, ClientMessage messages) {
        this.cluster = cluster;
        this.producer = producer;
        this.messages = messages;
    }

    @Override
    public String kind() {
        return KIND;
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
        known.remove(topic);
        cluster.close(topic);
    }

    /**
     * Sends a round. A topic of which this instance knows nothing is looked up first: Kafka's producer waits seconds for
     * one that does not exist, for each of a round one after the other.
     */
    @Override
    public List<SendOutcome> send(List<Message> round) {
        var missing = cluster.missing(round.stream()
                .map(KafkaChannel::topicOf)
                .filter(topic -> !known.contains(topic))
                .toList());
        var sent = new ArrayList<Sent>(round.size());
        for (var message : round) {
            var topic = topicOf(message);
            if (missing.contains(topic)) {
                sent.add(new Sent(topic, CompletableFuture.completedFuture(GONE)));
            } else {
                known.add(topic);
                var each = new Sent(topic, producer.send(record(message, topic)).thenApply(_ -> ACCEPTED));
                sent.add(each);
                if (each.isFailed() && each.failure() instanceof TimeoutException) {
                    // The producer would wait as long for each of the others.
                    break;
                }
            }
        }
        producer.await(sent.stream().map(Sent::outcome).toList());
        if (sent.size() < round.size()) {
            // Any of them may be gone: all are looked up before the next attempt.
            round.forEach(message -> known.remove(topicOf(message)));
            throw ClientCluster.unavailable(sent.getLast().failure());
        }
        return outcomes(sent);
    }

    private ProducerRecord<String, byte[]> record(Message message, ClientTopic topic) {
        return messages.of(message.event(), message.cursor(), topic.name(), 0);
    }

    private List<SendOutcome> outcomes(List<Sent> sent) {
        var failed = sent.stream().filter(Sent::isFailed).toList();
        if (failed.isEmpty()) {
            return sent.stream().map(each -> each.outcome().join()).toList();
        }
        failed.forEach(each -> known.remove(each.topic()));
        var topics = failed.stream().map(Sent::topic).toList();
        // Throws when the cluster does not respond.
        var gone = cluster.missing(topics);
        var leaderless = cluster.leaderless(
                topics.stream().filter(topic -> !gone.contains(topic)).toList());
        boolean othersAreAccepted = sent.stream()
                .anyMatch(each -> !each.isFailed() && each.outcome().join().equals(ACCEPTED));
        return sent.stream()
                .map(each -> {
                    if (gone.contains(each.topic())) {
                        return GONE;
                    }
                    return each.isFailed()
                            ? refused(each.failure(), othersAreAccepted || leaderless.contains(each.topic()))
                            : each.outcome().join();
                })
                .toList();
    }

    /** @param ofThisTopic whether the cluster accepts messages for other topics */
    private static SendOutcome refused(Throwable failure, boolean ofThisTopic) {
        // What is no answer of a broker is the producer's own: it was closed.
        boolean ofTheCluster = !(failure instanceof ApiException)
                || failure instanceof AuthorizationException
                || failure instanceof AuthenticationException
                || (failure instanceof RetriableException && !ofThisTopic);
        if (ofTheCluster) {
            throw ClientCluster.unavailable(failure);
        }
        return new SendOutcome.Refused("the topic does not accept it: " + failure);
    }

    private static ClientTopic topicOf(Message message) {
        return topicOf(message.subscription());
    }

    private static ClientTopic topicOf(Subscription subscription) {
        return new ClientTopic(subscription.key().deviceId(), subscription.id());
    }

    /** A message that was sent. */
    private record Sent(ClientTopic topic, CompletableFuture<SendOutcome> outcome) {

        boolean isFailed() {
            return outcome.isCompletedExceptionally();
        }

        Throwable failure() {
            return ClientFailure.cause(outcome.exceptionNow());
        }
    }
}
