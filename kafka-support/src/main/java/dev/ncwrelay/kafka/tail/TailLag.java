package dev.ncwrelay.kafka.tail;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records a tail has not applied yet. What the broker still has is looked up ten times a second at most, since it is
 * a question for each partition. Updated by the tail's thread, read by any.
 */
final class TailLag {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final List<TopicPartition> partitions;
    private long lookedUpNanos = System.nanoTime() - INTERVAL.toNanos();
    private long atBroker;
    private volatile long records;

    TailLag(List<TopicPartition> partitions) {
        this.partitions = List.copyOf(partitions);
    }

    long records() {
        return records;
    }

    /** So many records have arrived, to be applied now. */
    void received(KafkaConsumer<?, ?> consumer, int count) {
        lookUpIfDue(consumer);
        records = atBroker + count;
    }

    /** They have been applied. */
    void applied() {
        records = atBroker;
    }

    private void lookUpIfDue(KafkaConsumer<?, ?> consumer) {
        long now = System.nanoTime();
        if (now - lookedUpNanos < INTERVAL.toNanos()) {
            return;
        }
        lookedUpNanos = now;
        long sum = 0;
        for (var partition : partitions) {
            sum += consumer.currentLag(partition).orElse(0);
        }
        atBroker = sum;
    }
}
