package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads kept events again, with a separate consumer so that the group's position does not change. */
final class KeptEventReader {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_FOUND = 10_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection kafka;

    KeptEventReader(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * The records at these offsets, without those that have expired.
     *
     * @throws IllegalStateException if an existing record cannot be read in time
     */
    List<ConsumerRecord<String, byte[]>> read(int partition, List<Long> offsets) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        var source = new TopicPartition(Topics.WALLET_UNROUTED.name(), partition);
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("ingress-redrive-reader"))) {
            consumer.assign(List.of(source));
            long earliest =
                    consumer.beginningOffsets(List.of(source), READ_TIMEOUT).getOrDefault(source, 0L);
            for (long offset : offsets) {
                if (offset >= earliest) {
                    consumer.seek(source, offset);
                    next(consumer, source)
                            .filter(record -> record.offset() == offset)
                            .ifPresent(records::add);
                }
            }
        }
        return records;
    }

    /**
     * The offset of the first event that has not expired, by partition. The group's consumer is not used because the
     * request would change its lag.
     */
    Map<Integer, Long> earliest(Set<Integer> partitions) {
        var sources = partitions.stream()
                .map(partition -> new TopicPartition(Topics.WALLET_UNROUTED.name(), partition))
                .toList();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("ingress-redrive-reader"))) {
            return consumer.beginningOffsets(sources, READ_TIMEOUT).entrySet().stream()
                    .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
        }
    }

    /**
     * Reads the whole partition for the offsets of a wallet's events that are not marked as delivered, oldest first, at most
     * {@value #MAX_FOUND}.
     */
    List<Long> find(int partition, String walletId) {
        var found = new TreeSet<Long>();
        var source = new TopicPartition(Topics.WALLET_UNROUTED.name(), partition);
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("ingress-redrive-reader"))) {
            consumer.assign(List.of(source));
            consumer.seekToBeginning(List.of(source));
            long end = consumer.endOffsets(List.of(source), READ_TIMEOUT).getOrDefault(source, 0L);
            while (consumer.position(source, READ_TIMEOUT) < end) {
                for (var record : consumer.poll(POLL).records(source)) {
                    if (!walletId.equals(record.key())) {
                        continue;
                    }
                    if (record.value() != null && found.size() < MAX_FOUND) {
                        found.add(record.offset());
                    } else if (record.value() == null) {
                        deliveredOffset(record).ifPresent(found::remove);
                    }
                }
            }
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

    private static Optional<ConsumerRecord<String, byte[]>> next(
            KafkaConsumer<String, byte[]> consumer, TopicPartition source) {
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            var records = consumer.poll(POLL).records(source);
            if (!records.isEmpty()) {
                return Optional.of(records.getFirst());
            }
        }
        throw new IllegalStateException(source + " cannot be read within " + READ_TIMEOUT);
    }
}
