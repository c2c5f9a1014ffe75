package dev.ncwrelay.delivery.messages.feed;

import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * The current generation of the events topic, derived from the topic id: a topic that was deleted and created again has
 * another id, and offsets of the old one are void.
 */
public final class Generation implements IntSupplier {

    private volatile int value;

    @Override
    public int getAsInt() {
        return value;
    }

    /** The generation of this topic. */
    public static int of(TopicDescription events) {
        return events.topicId().hashCode();
    }

    public void set(int generation) {
        value = generation;
    }
}
