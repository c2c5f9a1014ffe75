package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads kept events again, with a separate consumer so that the group's position does not change. */
final class KeptEventReader {

    /** For each request to Kafka, and for the next record to be received. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int MAX_FOUND = 10_000;

    private final KafkaConnection kafka;

    KeptEventReader(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * The records at these offsets, without those that have expired.
     *
     * @throws TimeoutException if an existing record cannot be read in time
     */
    List<ConsumerRecord<String, byte[]>> read(int partition, List<Long> offsets) {
        try (var consumer = consumer()) {
            return new LogReader(consumer, TIMEOUT).at(source(partition), offsets);
        }
    }

    /**
     * The offset of the first event that has not expired, by partition. The group's consumer is not used because the
     * request would change its lag.
     */
    Map<Integer, Long> earliest(Set<Integer> partitions) {
        var sources = partitions.stream().map(KeptEventReader::source).toList();
        try (var consumer = consumer()) {
            return consumer.beginningOffsets(sources).entrySet().stream()
                    .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
        }
    }

    /**
     * Reads the whole partition for the offsets of a wallet's events that are not marked as delivered, oldest first, at most
     * {@value #MAX_FOUND}.
     *
     * @throws TimeoutException if it cannot be read in time
     */
    List<Long> find(int partition, String walletId) {
        var found = new TreeSet<Long>();
        try (var consumer = consumer()) {
            new LogReader(consumer, TIMEOUT).readAll(List.of(source(partition)), record -> {
                if (!walletId.equals(record.key())) {
                    return;
                }
                if (record.value() != null && found.size() < MAX_FOUND) {
                    found.add(record.offset());
                } else if (record.value() == null) {
                    deliveredOffset(record).ifPresent(found::remove);
                }
            });
        }
        return List.copyOf(found);
    }

    /** The offset of the event that a marker is for. Without it, nothing is marked and the event is delivered again. */
    static Optional<Long> deliveredOffset(ConsumerRecord<String, byte[]> marker) {
        return Optional.ofNullable(marker.headers().lastHeader(EventPublisher.DELIVERED_OFFSET))
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    private KafkaConsumer<String, byte[]> consumer() {
        var config = kafka.shortLivedConsumer("ingress-redrive-reader");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        return new KafkaConsumer<>(config);
    }

    private static TopicPartition source(int partition) {
        return new TopicPartition(Topics.WALLET_UNROUTED.name(), partition);
    }
}
