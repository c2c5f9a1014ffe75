package dev.ncwrelay.kafka.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The format of dead letters: key, bytes and headers of the original record, and the headers {@value #REASON},
 * {@value #FAILED_AT} and, for a record that was on a topic, its coordinates. The value is left out only if it is too large
 * for Kafka; {@value #LEFT_OUT} then has its size.
 */
public final class DeadLetters {

    public static final String REASON = "ncw-reason";
    public static final String FAILED_AT = "ncw-failed-at";
    public static final String TOPIC = "ncw-topic";
    public static final String PARTITION = "ncw-partition";
    public static final String OFFSET = "ncw-offset";

    /** On a dead letter without its value: the bytes of the value. */
    public static final String LEFT_OUT = "ncw-value-left-out";

    private static final List<String> OWN_HEADERS = List.of(REASON, FAILED_AT, TOPIC, PARTITION, OFFSET);

    private static final int MAX_REASON_LENGTH = 1_000;
    private static final int MAX_KEY_LENGTH = 1_000;

    private DeadLetters() {}

    /** The dead letter of a record that was read from a topic. */
    public static ProducerRecord<String, byte[]> of(ConsumerRecord<String, byte[]> failed, String reason, Instant now) {
        var letter = new ProducerRecord<String, byte[]>(failed.topic() + ".dlt", failed.key(), failed.value());
        failed.headers().forEach(letter.headers()::add);
        put(letter.headers(), TOPIC, failed.topic());
        put(letter.headers(), PARTITION, Integer.toString(failed.partition()));
        put(letter.headers(), OFFSET, Long.toString(failed.offset()));
        return stamped(letter, reason, now);
    }

    /** The dead letter of bytes that were never on a topic. */
    public static ProducerRecord<String, byte[]> of(
            String deadLetterTopic, @Nullable String key, byte[] bytes, String reason, Instant now) {
        return stamped(new ProducerRecord<>(deadLetterTopic, key, bytes), reason, now);
    }

    /**
     * A dead letter that is too large for Kafka, reduced to the coordinates of the record, the reason and the size of the
     * value. The record's own headers, and a key longer than any of the relay's, are left out as well.
     */
    public static ProducerRecord<String, byte[]> withoutValue(ProducerRecord<String, byte[]> letter) {
        var key = letter.key() == null || letter.key().length() > MAX_KEY_LENGTH ? null : letter.key();
        var small = new ProducerRecord<String, byte[]>(letter.topic(), key, null);
        for (var name : OWN_HEADERS) {
            var header = letter.headers().lastHeader(name);
            if (header != null) {
                small.headers().add(header);
            }
        }
        put(small.headers(), LEFT_OUT, Integer.toString(letter.value() == null ? 0 : letter.value().length));
        return small;
    }

    private static ProducerRecord<String, byte[]> stamped(
            ProducerRecord<String, byte[]> letter, String reason, Instant now) {
        put(
                letter.headers(),
                REASON,
                reason.length() > MAX_REASON_LENGTH ? reason.substring(0, MAX_REASON_LENGTH) : reason);
        put(letter.headers(), FAILED_AT, now.toString());
        return letter;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
