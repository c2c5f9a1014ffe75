package dev.ncwrelay.rpc.consume;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/** Polls, and can be woken up for other work of the poll thread. Several requests for that wake it up once. */
final class ConsumerWakeup {

    private final Consumer<String, byte[]> consumer;
    private final AtomicBoolean requested = new AtomicBoolean();

    ConsumerWakeup(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Makes the poll thread return from its poll soon. For any thread. */
    void requestWakeup() {
        if (requested.compareAndSet(false, true)) {
            consumer.wakeup();
        }
    }

    /** The polled records; none if it was woken up. For the poll thread. */
    ConsumerRecords<String, byte[]> poll(Duration timeout) {
        try {
            return consumer.poll(timeout);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } finally {
            // Reset before the caller looks for work: a later request is not seen by that look.
            requested.set(false);
        }
    }
}
