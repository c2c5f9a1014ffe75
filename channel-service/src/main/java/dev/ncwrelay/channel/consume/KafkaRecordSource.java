package dev.ncwrelay.channel.consume;

import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads records again with a consumer without a group. For one thread. */
final class KafkaRecordSource implements RecordSource {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Of those that are asked for, and of all. */
    private static final int MAX_FOUND = 500;

    private static final int MAX_RECORDS = 5_000;
    private static final long MAX_BYTES = 1024 * 1024;

    private final Consumer<String, byte[]> consumer;

    /** @param consumer closed by the caller */
    KafkaRecordSource(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Part read(int partition, long from, long end, Predicate<String> devices) {
        var topic = new TopicPartition(Topics.DEVICE_EVENTS.name(), partition);
        consumer.assign(List.of(topic));
        long start = consumer.beginningOffsets(List.of(topic)).getOrDefault(topic, 0L);
        // A log that has lost records ends earlier.
        long last = Math.min(end, consumer.endOffsets(List.of(topic)).getOrDefault(topic, 0L));
        consumer.seek(topic, Math.min(last, Math.max(from, start)));
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        int records = 0;
        long bytes = 0;
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (consumer.position(topic) < last
                && found.size() < MAX_FOUND
                && records < MAX_RECORDS
                && bytes < MAX_BYTES) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("events not read for " + TIMEOUT.toSeconds() + " s");
            }
            for (var record : consumer.poll(POLL)) {
                records++;
                if (record.offset() < last && record.key() != null && devices.test(record.key())) {
                    bytes += record.serializedValueSize();
                    found.add(record);
                }
            }
        }
        return new Part(found, Math.min(last, consumer.position(topic)));
    }
}
