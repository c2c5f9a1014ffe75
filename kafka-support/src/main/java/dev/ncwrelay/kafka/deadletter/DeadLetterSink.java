package dev.ncwrelay.kafka.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Takes a dead letter and returns when the broker has it. */
@FunctionalInterface
public interface DeadLetterSink {

    /**
     * Publishes the letter.
     *
     * @throws RuntimeException when the broker does not take it; the caller tries again
     */
    void publish(ProducerRecord<String, byte[]> letter);
}
