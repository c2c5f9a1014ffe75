package dev.ncwrelay.local.deadletter;

import dev.ncwrelay.schemas.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from a time to the ends that they have at the beginning. */
final class RecordScan {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Map<String, Object> config;

    RecordScan(KafkaConnection kafka) {
        config = new HashMap<>(kafka.consumer("relay-dlt"));
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    }

    void since(Instant since, Collection<TopicPartition> partitions, Consumer<ConsumerRecord<String, byte[]>> found) {
        try (var consumer = new KafkaConsumer<String, byte[]>(config)) {
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var times = new HashMap<TopicPartition, Long>();
            partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
            consumer.offsetsForTimes(times).forEach((partition, start) -> {
                long end = ends.getOrDefault(partition, 0L);
                consumer.seek(partition, start == null ? end : start.offset());
            });
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(POLL)) {
                    var partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.getOrDefault(partition, 0L)) {
                        found.accept(record);
                    }
                }
            }
        }
    }
}
