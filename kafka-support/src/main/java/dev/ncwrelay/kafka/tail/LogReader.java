package dev.ncwrelay.kafka.tail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads a part of partitions once, at most to their current end; a {@link TopicTail} continues with new records. Each
 * method replaces the consumer's assignment, and throws {@link TimeoutException} when no record is received for the idle
 * timeout.
 */
public final class LogReader {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final Duration idleTimeout;

    /** A reader with an idle timeout of half a minute. */
    public LogReader(Consumer<String, byte[]> consumer) {
        this(consumer, IDLE_TIMEOUT);
    }

    /** @param consumer closed by the caller */
    public LogReader(Consumer<String, byte[]> consumer, Duration idleTimeout) {
        this.consumer = consumer;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Reads each partition from its first record that is not older than the given time to its current end.
     *
     * @param since milliseconds of the epoch
     */
    public void read(
            Map<TopicPartition, Long> since, java.util.function.Consumer<ConsumerRecord<String, byte[]>> found) {
        consumer.assign(since.keySet());
        var ends = consumer.endOffsets(since.keySet());
        consumer.offsetsForTimes(since).forEach((partition, start) -> {
            // Null when all records are older.
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        });
        readTo(ends, found);
    }

    /** Reads each partition from its beginning to its current end. */
    public void readAll(
            Collection<TopicPartition> partitions, java.util.function.Consumer<ConsumerRecord<String, byte[]>> found) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        readTo(consumer.endOffsets(partitions), found);
    }

    /**
     * Reads one record of each partition: the first at or after the given offset.
     *
     * @param offsets each before the end of its partition
     */
    public Map<TopicPartition, ConsumerRecord<String, byte[]>> first(Map<TopicPartition, Long> offsets) {
        consumer.assign(offsets.keySet());
        var starts = consumer.beginningOffsets(offsets.keySet());
        offsets.forEach(
                (partition, offset) -> consumer.seek(partition, Math.max(offset, starts.getOrDefault(partition, 0L))));
        var first = new HashMap<TopicPartition, ConsumerRecord<String, byte[]>>();
        var deadline = new IdleDeadline();
        try {
            while (first.size() < offsets.size()) {
                poll(deadline).forEach(record -> first.putIfAbsent(partitionOf(record), record));
                consumer.pause(first.keySet());
            }
        } finally {
            consumer.resume(first.keySet());
        }
        return first;
    }

    /**
     * Reads the records at these offsets of a partition, in the order given, without those that have expired.
     *
     * @param offsets before the end of the partition
     */
    public List<ConsumerRecord<String, byte[]>> at(TopicPartition partition, Collection<Long> offsets) {
        consumer.assign(List.of(partition));
        long start = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        for (long offset : offsets) {
            if (offset >= start) {
                consumer.seek(partition, offset);
                var next = next();
                if (next.offset() == offset) {
                    records.add(next);
                }
            }
        }
        return records;
    }

    private ConsumerRecord<String, byte[]> next() {
        var deadline = new IdleDeadline();
        while (true) {
            for (var record : poll(deadline)) {
                return record;
            }
        }
    }

    private void readTo(
            Map<TopicPartition, Long> ends, java.util.function.Consumer<ConsumerRecord<String, byte[]>> found) {
        var deadline = new IdleDeadline();
        while (!isAt(ends)) {
            for (var record : poll(deadline)) {
                if (record.offset() < ends.getOrDefault(partitionOf(record), 0L)) {
                    found.accept(record);
                }
            }
        }
    }

    private ConsumerRecords<String, byte[]> poll(IdleDeadline deadline) {
        var records = consumer.poll(POLL);
        deadline.check(!records.isEmpty());
        return records;
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** The time by which the next record must be received. */
    private final class IdleDeadline {

        private long nanos = System.nanoTime() + idleTimeout.toNanos();

        private void check(boolean received) {
            long now = System.nanoTime();
            if (received) {
                nanos = now + idleTimeout.toNanos();
            } else if (now - nanos > 0) {
                throw new TimeoutException("no record received for " + idleTimeout.toSeconds() + " s");
            }
        }
    }
}
