package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A producer of the cluster that clients read from, created when it is needed: without a resolvable address it cannot be. */
final class ClientProducer implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConnection kafka;
    private Optional<Producer<String, byte[]>> producer = Optional.empty();

    ClientProducer(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** Completes when all in-sync replicas have it; fails with the client's exception. */
    CompletableFuture<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        var sent = new CompletableFuture<RecordMetadata>();
        try {
            var _ = producer().send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(metadata);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /** Not compressed: clients that are no Java programs often know gzip alone. */
    private Map<String, Object> config() {
        var config = kafka.producer("channel-kafka");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return config;
    }

    @Override
    public synchronized void close() {
        producer.ifPresent(created -> created.close(CLOSE_TIMEOUT));
    }

    private synchronized Producer<String, byte[]> producer() {
        var client = producer.orElseGet(() -> new KafkaProducer<>(config()));
        producer = Optional.of(client);
        return client;
    }
}
