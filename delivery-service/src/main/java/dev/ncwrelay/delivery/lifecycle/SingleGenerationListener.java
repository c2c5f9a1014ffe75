package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.kafka.tail.TailListener;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Forwards records of one generation of the events topic. When a partition is positioned again, it first checks whether
 * the topic was re-created, and forwards nothing of the next generation.
 */
final class SingleGenerationListener implements TailListener<DeviceEvent> {

    private final TailListener<DeviceEvent> listener;
    private final BooleanSupplier isSameGeneration;
    private final Set<Integer> positioned = new HashSet<>();
    private volatile boolean ended;

    /** @param isSame whether the topic is still of the same generation; may block */
    SingleGenerationListener(TailListener<DeviceEvent> listener, BooleanSupplier isSame) {
        this.listener = listener;
        this.isSameGeneration = isSame;
    }

    /** Stops forwarding. */
    void end() {
        ended = true;
    }

    @Override
    public void positioned(int partition, long offset) {
        if (!positioned.add(partition) && !ended && !isSameGeneration.getAsBoolean()) {
            ended = true;
        }
        if (!ended) {
            listener.positioned(partition, offset);
        }
    }

    @Override
    public void read(@Nullable DeviceEvent event, ConsumerRecord<String, byte[]> at) {
        if (!ended) {
            listener.read(event, at);
        }
    }

    @Override
    public void deadLettered(ConsumerRecord<String, byte[]> at) {
        if (!ended) {
            listener.deadLettered(at);
        }
    }

    @Override
    public void batchCompleted() {
        if (!ended) {
            listener.batchCompleted();
        }
    }
}
