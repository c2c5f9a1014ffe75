package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.forward.Channel;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.ClientTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of devices. A message is accepted when all in-sync replicas have it. */
final class KafkaChannel implements Channel {

    static final String KIND = "kafka";

    private final ClientCluster cluster;
    private final ClientProducer producer;
    private final ClientMessage messages;

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
        cluster.open(topicOf(subscription), subscription.device().userId());
    }

    @Override
    public void close(ChannelKey key, String subscriptionId) {
        cluster.close(new ClientTopic(key.deviceId(), subscriptionId));
    }

    @Override
    public List<SendOutcome> send(List<Message> round) {
        var sent = round.stream().map(this::publish).toList();
        // Also after a failure: what is sent again must not overtake what is still on its way.
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .exceptionally(_ -> null)
                .join();
        var outcomes = new ArrayList<SendOutcome>(round.size());
        for (int i = 0; i < round.size(); i++) {
            outcomes.add(outcome(topicOf(round.get(i).subscription()), sent.get(i)));
        }
        return outcomes;
    }

    private CompletableFuture<?> publish(Message message) {
        return producer.send(
                messages.of(message, topicOf(message.subscription()).name()));
    }

    private SendOutcome outcome(ClientTopic topic, CompletableFuture<?> sent) {
        try {
            sent.join();
            return new SendOutcome.Accepted();
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case RecordTooLargeException tooLarge -> new SendOutcome.Refused(tooLarge.toString());
                // The client waits for a topic that it does not know.
                case UnknownTopicOrPartitionException _, TimeoutException _
                when !cluster.exists(topic) -> new SendOutcome.Gone("the topic does not exist any more");
                case null, default -> throw ClientCluster.unavailable(e);
            };
        }
    }

    private static ClientTopic topicOf(Subscription subscription) {
        return new ClientTopic(subscription.key().deviceId(), subscription.id());
    }
}
