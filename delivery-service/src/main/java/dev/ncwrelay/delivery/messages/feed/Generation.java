package dev.ncwrelay.delivery.messages.feed;

import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Which life of the events' topic this is: a topic that was deleted and created again has a new id, and offsets of the
 * old one mean nothing in it.
 */
public final class Generation implements IntSupplier {

    private volatile int value;

    @Override
    public int getAsInt() {
        return value;
    }

    /** The generation of the events' topic as it was found. */
    public static int of(TopicDescription events) {
        return events.topicId().hashCode();
    }

    public void set(int life) {
        value = life;
    }
}
