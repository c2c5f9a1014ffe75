package dev.ncwrelay.kafka.deadletter;

import dev.ncwrelay.kafka.connection.ClientFailure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/** Writes dead letters on the caller's thread. */
public final class KafkaDeadLetters implements DeadLetterSink {

    private final KafkaOperations<String, byte[]> kafka;
    private final DeadLetterWriter writer;

    public KafkaDeadLetters(KafkaOperations<String, byte[]> kafka, MeterRegistry meters) {
        this.kafka = kafka;
        this.writer = new DeadLetterWriter(meters);
    }

    @Override
    public void publish(ProducerRecord<String, byte[]> letter) {
        var _ = writer.write(letter, this::send);
    }

    private boolean send(ProducerRecord<String, byte[]> letter) {
        try {
            kafka.send(letter).get();
            return true;
        } catch (ExecutionException | KafkaException e) {
            var cause = ClientFailure.cause(e);
            if (cause instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new IllegalStateException("dead letter not acknowledged: " + cause, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
