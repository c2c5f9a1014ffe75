package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads kept events again, with a consumer of its own so that the group's position stays. */
final class KeptEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection kafka;

    KeptEvents(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * The records at these offsets, without those that Kafka has let go since.
     *
     * @throws IllegalStateException if one that is there cannot be read in time; then it is not to be taken as read
     */
    List<ConsumerRecord<String, byte[]>> read(int partition, List<Long> offsets) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        var source = new TopicPartition(Topics.WALLET_UNROUTED.name(), partition);
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.consumer("ingress-redrive-reader"))) {
            consumer.assign(List.of(source));
            long earliest = consumer.beginningOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
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

    private static Optional<ConsumerRecord<String, byte[]>> next(
            KafkaConsumer<String, byte[]> consumer, TopicPartition source) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var records = consumer.poll(POLL).records(source);
            if (!records.isEmpty()) {
                return Optional.of(records.getFirst());
            }
        }
        throw new IllegalStateException(source + " cannot be read within " + PATIENCE);
    }
}
