package dev.ncwrelay.rpc.consume;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;

/** Polls, and ends a poll early for whoever needs the poll thread. Many may ask; one poll is ended for all of them. */
final class ConsumerWakeup {

    private final Consumer<String, byte[]> consumer;
    private final AtomicBoolean asked = new AtomicBoolean();

    ConsumerWakeup(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /** For any thread: the poll thread soon looks at what there is to do. */
    void requestWakeup() {
        if (asked.compareAndSet(false, true)) {
            consumer.wakeup();
        }
    }

    /** For the poll thread: what has come; nothing, if it was woken. */
    ConsumerRecords<String, byte[]> poll(Duration timeout) {
        try {
            return consumer.poll(timeout);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } finally {
            // Before the caller looks: who asks from now on is not seen by that look.
            asked.set(false);
        }
    }
}
