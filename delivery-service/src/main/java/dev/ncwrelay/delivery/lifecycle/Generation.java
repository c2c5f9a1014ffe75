package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Which life of the events' topic this is: a topic that was deleted and created again has a new id, and offsets of the
 * old one mean nothing in it.
 */
final class Generation implements IntSupplier {

    private volatile int value;

    @Override
    public int getAsInt() {
        return value;
    }

    /** The generation of the events' topic as it was found. */
    static int of(TopicDescription events) {
        return events.topicId().hashCode();
    }

    /** Asks the broker. */
    void load(KafkaConnection kafka) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(kafka.admin("delivery-generation"))) {
            for (var topic : admin.describeTopics(List.of(Topics.DEVICE_EVENTS.name()))
                    .allTopicNames()
                    .get()
                    .values()) {
                value = of(topic);
            }
        }
    }
}
