package dev.ncwrelay.kafka.deadletter;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters with a Kafka producer on the caller's thread. A dead letter that is too large for Kafka is written
 * without its value, because every retry would fail and block its reader.
 */
public final class KafkaDeadLetters implements DeadLetterSink {

    private static final Logger log = LoggerFactory.getLogger(KafkaDeadLetters.class);

    private final Producer<String, byte[]> producer;

    public KafkaDeadLetters(Producer<String, byte[]> producer) {
        this.producer = producer;
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
            producer.send(letter).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new IllegalStateException("dead letter not acknowledged", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
