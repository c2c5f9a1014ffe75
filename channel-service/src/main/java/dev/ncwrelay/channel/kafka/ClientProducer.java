package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;

/** A producer of the cluster that clients read from, created when it is needed: without a resolvable address it cannot be. */
final class ClientProducer implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Longer than the producer takes for a record while it has an id: {@code delivery.timeout.ms} is 8 seconds. */
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(15);

    private static final int MAX_TOPICS = 5_000;

    private final KafkaConnection kafka;
    private final String clientId;
    private Optional<Producer<String, byte[]>> producer = Optional.empty();

    /** Topics that the producer knows: it keeps metrics of each for ever. */
    private final Set<String> topics = new HashSet<>();

    ClientProducer(KafkaConnection kafka, String clientId) {
        this.kafka = kafka;
        this.clientId = clientId;
    }

    /**
     * A record on its way.
     *
     * @param outcome completes when all in-sync replicas have it; fails with the client's exception
     * @param client the producer that has it; empty when none does
     */
    record Sent(CompletableFuture<RecordMetadata> outcome, Optional<Producer<String, byte[]>> client) {

        /** One that is not sent. */
        static Sent refused(Exception reason) {
            return new Sent(CompletableFuture.failedFuture(reason), Optional.empty());
        }
    }

    /** Does not throw. */
    Sent send(ProducerRecord<String, byte[]> record) {
        Producer<String, byte[]> client;
        try {
            client = producer(record.topic());
        } catch (RuntimeException e) {
            return Sent.refused(e);
        }
        var sent = new Sent(new CompletableFuture<>(), Optional.of(client));
        try {
            var _ = client.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.outcome().complete(metadata);
                    return;
                }
                if (failure instanceof AuthenticationException) {
                    // It may have failed for good.
                    replace(client, CLOSE_TIMEOUT);
                }
                sent.outcome().completeExceptionally(failure);
            });
        } catch (RuntimeException e) {
            sent.outcome().completeExceptionally(e);
        }
        return sent;
    }

    /**
     * Waits for all, also after a failure: what is sent again must not overtake what is still on its way. A producer that has
     * no id yet, and whose brokers do not respond, waits without a limit.
     */
    void await(Collection<Sent> sent) {
        var all = CompletableFuture.allOf(sent.stream().map(Sent::outcome).toArray(CompletableFuture[]::new))
                .exceptionally(_ -> null);
        all.copy()
                .completeOnTimeout(null, SEND_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (!all.isDone()) {
            sent.stream().filter(each -> !each.outcome().isDone()).forEach(this::abort);
            all.join();
        }
    }

    /**
     * Nothing more is sent by the producer that has this record, and what is not acknowledged fails. The producer that others
     * may use meanwhile goes on.
     */
    void abort(Sent sent) {
        sent.client().ifPresent(client -> replace(client, Duration.ZERO));
    }

    /** Not compressed: clients that are no Java programs often know gzip alone. */
    private Map<String, Object> config() {
        var config = kafka.producer(clientId);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return config;
    }

    @Override
    public synchronized void close() {
        producer.ifPresent(created -> created.close(CLOSE_TIMEOUT));
    }

    private synchronized Producer<String, byte[]> producer(String topic) {
        if (topics.size() >= MAX_TOPICS && !topics.contains(topic)) {
            producer.ifPresent(known -> replace(known, CLOSE_TIMEOUT));
        }
        topics.add(topic);
        var client = producer.orElseGet(() -> new KafkaProducer<>(config()));
        producer = Optional.of(client);
        return client;
    }

    /**
     * The next record has a new producer.
     *
     * @param timeout how long the producer may still send what it has been given; then that fails
     */
    private synchronized void replace(Producer<String, byte[]> client, Duration timeout) {
        if (producer.filter(client::equals).isPresent()) {
            producer = Optional.empty();
            topics.clear();
            // By a thread of its own: this one may be the producer's.
            Thread.ofVirtual().start(() -> client.close(timeout));
        }
    }
}
