package dev.ncwrelay.kafka.deadletter;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.LoggerFactory;

/** Sends a dead letter and waits for the acknowledgement. */
@FunctionalInterface
public interface DeadLetterSink {

    /**
     * Publishes a dead letter.
     *
     * @throws RuntimeException when the broker does not acknowledge it; the caller retries
     */
    void publish(ProducerRecord<String, byte[]> letter);

    /**
     * Logs that a record cannot be read, by its coordinates, and publishes its dead letter.
     *
     * @throws RuntimeException when the broker does not acknowledge it; the caller retries
     */
    default void reject(ConsumerRecord<String, byte[]> record, String reason) {
        LoggerFactory.getLogger(DeadLetterSink.class)
                .atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("record unreadable");
        publish(DeadLetters.of(record, reason, Instant.now()));
    }
}
