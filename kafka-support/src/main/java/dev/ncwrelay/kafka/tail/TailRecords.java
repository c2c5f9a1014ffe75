package dev.ncwrelay.kafka.tail;

import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes the records of a tail. While the schema registry is unavailable it waits; an unreadable record becomes a dead letter.
 *
 * @param isClosed ends the wait
 * @param unavailable called with the reason while it waits
 */
record TailRecords<T extends SpecificRecord>(
        Topic<T> topic,
        RecordCodec codec,
        DeadLetterSink deadLetters,
        TailListener<T> listener,
        BooleanSupplier isClosed,
        Consumer<String> unavailable) {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Returns when the listener has the record, or it is a dead letter, or the tail is closed. */
    void pass(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        if (record.value() == null) {
            listener.read(null, record);
            return;
        }
        while (!isClosed.getAsBoolean()) {
            switch (codec.decode(topic, record.value())) {
                case Decoded.Value<T>(var value) -> {
                    listener.read(value, record);
                    return;
                }
                case Decoded.Unreadable<T>(var reason) -> {
                    deadLetters.reject(record, reason);
                    listener.deadLettered(record);
                    return;
                }
                case Decoded.RegistryDown<T>(var reason) -> {
                    unavailable.accept("schema registry: " + reason);
                    // The records before it in the same fetch need not wait.
                    listener.batchCompleted();
                    Thread.sleep(PAUSE);
                }
            }
        }
    }
}
