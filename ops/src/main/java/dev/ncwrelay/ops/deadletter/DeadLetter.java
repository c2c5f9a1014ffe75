package dev.ncwrelay.ops.deadletter;

import dev.ncwrelay.kafka.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter.
 *
 * @param at its coordinates
 * @param origin the coordinates of the original record; empty for bytes that were never on a topic
 * @param reason why the record could not be read or processed
 */
public record DeadLetter(
        RecordCoordinates at,
        Optional<RecordCoordinates> origin,
        String reason,
        ConsumerRecord<String, byte[]> record) {

    static DeadLetter of(ConsumerRecord<String, byte[]> record) {
        return new DeadLetter(
                new RecordCoordinates(record.topic(), record.partition(), record.offset()),
                origin(record),
                header(record, DeadLetters.REASON).orElse("none given"),
                record);
    }

    /** When the dead letter was written. */
    public Instant writtenAt() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    public @Nullable String key() {
        return record.key();
    }

    /** Bytes of the value. */
    public int size() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** Whether it has the value of the record; one that is too large for Kafka is left out. */
    public boolean isWhole() {
        return record.headers().lastHeader(DeadLetters.LEFT_OUT) == null;
    }

    private static Optional<RecordCoordinates> origin(ConsumerRecord<String, byte[]> record) {
        var topic = header(record, DeadLetters.TOPIC);
        var partition = header(record, DeadLetters.PARTITION);
        var offset = header(record, DeadLetters.OFFSET);
        return topic.isEmpty() || partition.isEmpty() || offset.isEmpty()
                ? Optional.empty()
                : RecordCoordinates.parse(topic.get() + "@" + partition.get() + ":" + offset.get());
    }

    static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(header -> new String(header.value(), StandardCharsets.UTF_8));
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return "DeadLetter[" + at + ", " + size() + " bytes]";
    }
}
