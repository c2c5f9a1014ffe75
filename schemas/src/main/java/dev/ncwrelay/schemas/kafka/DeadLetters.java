package dev.ncwrelay.schemas.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Records that could not be read, set aside whole: original key, bytes and headers, and beside them the headers
 * {@value #REASON}, {@value #FAILED_AT} and, for a record that was on a topic, its coordinates.
 */
public final class DeadLetters {

    public static final String REASON = "ncw-reason";
    public static final String FAILED_AT = "ncw-failed-at";
    public static final String TOPIC = "ncw-topic";
    public static final String PARTITION = "ncw-partition";
    public static final String OFFSET = "ncw-offset";

    private DeadLetters() {}

    /** The dead letter for a record that was read from a topic. */
    public static ProducerRecord<String, byte[]> of(ConsumerRecord<String, byte[]> failed, String reason, Instant now) {
        var letter = new ProducerRecord<String, byte[]>(failed.topic() + ".dlt", failed.key(), failed.value());
        failed.headers().forEach(letter.headers()::add);
        put(letter.headers(), TOPIC, failed.topic());
        put(letter.headers(), PARTITION, Integer.toString(failed.partition()));
        put(letter.headers(), OFFSET, Long.toString(failed.offset()));
        return stamped(letter, reason, now);
    }

    /** The dead letter for bytes that never were on a topic. */
    public static ProducerRecord<String, byte[]> of(
            String deadLetterTopic, @Nullable String key, byte[] bytes, String reason, Instant now) {
        return stamped(new ProducerRecord<>(deadLetterTopic, key, bytes), reason, now);
    }

    private static ProducerRecord<String, byte[]> stamped(
            ProducerRecord<String, byte[]> letter, String reason, Instant now) {
        put(letter.headers(), REASON, reason);
        put(letter.headers(), FAILED_AT, now.toString());
        return letter;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
