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
 * @param at where it lies
 * @param origin where the record lay that could not be read; empty for bytes that never were on a topic
 * @param reason why it could not be read
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

    /** When it was set aside. */
    public Instant setAsideAt() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    public @Nullable String key() {
        return record.key();
    }

    /** Number of bytes that could not be read. */
    public int size() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** Whether it has all that could not be read; Kafka takes no record of any size. */
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

    /** Leaves the payload out. */
    @Override
    public String toString() {
        return "Letter[" + at + ", " + size() + " bytes]";
    }
}
