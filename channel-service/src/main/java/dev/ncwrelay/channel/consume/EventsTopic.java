package dev.ncwrelay.channel.consume;

import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicGeneration;
import dev.ncwrelay.schemas.Topics;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** The events topic on the brokers. */
record EventsTopic(KafkaConnection kafka) {

    /** Its present generation. */
    int generation() {
        var name = Topics.DEVICE_EVENTS.name();
        try (var admin = Admin.create(kafka.admin("channel-generation"))) {
            var topics = admin.describeTopics(List.of(name)).allTopicNames().get();
            return TopicGeneration.of(Objects.requireNonNull(topics.get(name)));
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "topic id lookup failed: " + ClientFailure.text(ClientFailure.cause(e)), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
