package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicGeneration;
import dev.ncwrelay.schemas.Topics;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up the generation of the events topic. Safe for use by several threads. */
final class GenerationLookup implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GenerationLookup.class);

    private final Admin admin;
    private final int partitions;

    GenerationLookup(KafkaConnection kafka) {
        this.admin = Admin.create(kafka.admin("delivery-generation"));
        this.partitions = kafka.partitions();
    }

    /** The hash of the topic's id; empty while the topic is missing or has another number of partitions. */
    OptionalInt currentGeneration() throws InterruptedException {
        var name = Topics.DEVICE_EVENTS.name();
        try {
            var topic =
                    admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
            if (topic == null || topic.partitions().size() != partitions) {
                log.atError()
                        .addKeyValue("topic", name)
                        .log("topic missing or partition count differs from relay.kafka.partitions");
                return OptionalInt.empty();
            }
            return OptionalInt.of(TopicGeneration.of(topic));
        } catch (ExecutionException e) {
            log.atWarn().addKeyValue("reason", e.getCause()).log("topic id lookup failed");
            return OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
