package dev.ncwrelay.delivery.messages.feed;

import java.util.function.IntSupplier;

/**
 * The current generation of the events topic, as {@link
 * dev.ncwrelay.kafka.topic.TopicGeneration} derives it.
 */
public final class Generation implements IntSupplier {

    private volatile int value;

    @Override
    public int getAsInt() {
        return value;
    }

    public void set(int generation) {
        value = generation;
    }
}
