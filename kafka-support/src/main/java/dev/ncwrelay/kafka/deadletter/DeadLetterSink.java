package dev.ncwrelay.kafka.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends a dead letter and waits for the acknowledgement. */
@FunctionalInterface
public interface DeadLetterSink {

    /**
     * Publishes a dead letter.
     *
     * @throws RuntimeException when the broker does not acknowledge it; the caller retries
     */
    void publish(ProducerRecord<String, byte[]> letter);
}
