package dev.ncwrelay.kafka.tail;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions once, from a time to their current end; a {@link TopicTail} continues with new records. */
public final class LogReader {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;

    /** @param consumer closed by the caller; its assignment is replaced */
    public LogReader(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * Reads each partition from its first record that is not older than the given time to its current end.
     *
     * @param since milliseconds of the epoch
     * @throws IllegalStateException when no record is received for half a minute
     */
    public void read(
            Map<TopicPartition, Long> since, java.util.function.Consumer<ConsumerRecord<String, byte[]>> found) {
        consumer.assign(since.keySet());
        var ends = consumer.endOffsets(since.keySet());
        consumer.offsetsForTimes(since).forEach((partition, start) -> {
            // Null when all records are older.
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        });
        long deadline = System.nanoTime() + IDLE_TIMEOUT.toNanos();
        while (!isAt(ends)) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + IDLE_TIMEOUT.toNanos();
            } else if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no record received for " + IDLE_TIMEOUT.toSeconds() + " s");
            }
            for (var record : records) {
                var partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    found.accept(record);
                }
            }
        }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
