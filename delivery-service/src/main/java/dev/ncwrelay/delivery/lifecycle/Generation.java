package dev.ncwrelay.delivery.lifecycle;

import java.util.function.IntSupplier;
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

    void set(int life) {
        value = life;
    }
}
