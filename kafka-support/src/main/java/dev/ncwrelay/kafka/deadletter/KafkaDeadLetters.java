package dev.ncwrelay.kafka.deadletter;

import dev.ncwrelay.kafka.connection.ClientFailure;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Writes dead letters on the caller's thread. A dead letter that is too large for Kafka is written
 * without its value, because every retry would fail and block its reader.
 */
public final class KafkaDeadLetters implements DeadLetterSink {

    private static final Logger log = LoggerFactory.getLogger(KafkaDeadLetters.class);

    private final KafkaOperations<String, byte[]> kafka;

    public KafkaDeadLetters(KafkaOperations<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    @Override
    public void publish(ProducerRecord<String, byte[]> letter) {
        try {
            send(letter);
        } catch (RecordTooLargeException e) {
            log.atError()
                    .addKeyValue("topic", letter.topic())
                    .addKeyValue("reason", e)
                    .log("dead letter written without its value");
            send(DeadLetters.withoutValue(letter));
        }
    }

    private void send(ProducerRecord<String, byte[]> letter) {
        try {
            kafka.send(letter).get();
        } catch (ExecutionException | KafkaException e) {
            var cause = ClientFailure.cause(e);
            if (cause instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new IllegalStateException("dead letter not acknowledged", cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
