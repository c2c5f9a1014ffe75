package dev.ncwrelay.schemas.replica;

import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.kafka.DeadLetters;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a compacted topic from the beginning and goes on with what is added.
 *
 * <ol>
 *   <li>{@link #caughtUp} completes when all that was there at the start has been applied.
 *   <li>{@link #awaitOffset} lets a writer read its own write.
 *   <li>An outage of Kafka or of the schema registry is waited for; nothing is skipped.
 *   <li>A record that can never be read goes to the dead letters, and reading goes on.
 * </ol>
 */
public final class TopicReplica<T extends SpecificRecord> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicReplica.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Topic<T> topic;
    private final Map<String, Object> consumerConfig;
    private final RecordCodec codec;
    private final DeadLetterSink deadLetters;
    private final ReplicaStore<T> store;
    private final List<TopicPartition> partitions;
    private final ReplicaProgress progress;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private volatile Optional<String> trouble = Optional.of("not read yet");

    private TopicReplica(
            Topic<T> topic,
            KafkaConnection kafka,
            String clientId,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            ReplicaStore<T> store) {
        this.topic = topic;
        this.consumerConfig = kafka.consumer(clientId);
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.store = store;
        this.partitions = IntStream.range(0, kafka.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        this.progress = new ReplicaProgress(kafka.partitions());
        this.thread =
                Thread.ofPlatform().name("replica " + topic.name()).daemon().unstarted(this::run);
    }

    /** Starts reading on a thread of its own. */
    public static <T extends SpecificRecord> TopicReplica<T> start(
            Topic<T> topic,
            KafkaConnection kafka,
            String clientId,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            ReplicaStore<T> store) {
        var replica = new TopicReplica<>(topic, kafka, clientId, codec, deadLetters, store);
        replica.thread.start();
        return replica;
    }

    /** Completes when everything that was on the topic at the start has been applied. */
    public CompletionStage<Void> caughtUp() {
        return caughtUp.copy();
    }

    public boolean isCaughtUp() {
        return caughtUp.isDone();
    }

    /** Why nothing can be read just now, for people; empty when all is well. */
    public Optional<String> trouble() {
        return trouble;
    }

    /** Waits until the record at this offset has been applied; false when it takes longer than {@code timeout}. */
    public boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException {
        return progress.await(partition, offset, timeout);
    }

    @Override
    public void close() {
        // The thread looks at this between short polls; interrupting it would cut the consumer's leave short.
        closed.set(true);
        try {
            thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed.get()) {
            try (var consumer = new KafkaConsumer<String, byte[]>(consumerConfig)) {
                follow(consumer);
            } catch (InterruptException | InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                trouble = Optional.of(e.toString());
                log.atWarn()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("reason", e)
                        .log("replica reads on after a pause");
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) throws InterruptedException {
        consumer.assign(partitions);
        seek(consumer);
        var ends = consumer.endOffsets(partitions);
        while (!closed.get()) {
            try {
                for (var record : consumer.poll(POLL)) {
                    apply(record);
                    progress.advance(record.partition(), record.offset() + 1);
                }
            } catch (OffsetOutOfRangeException e) {
                // The topic is not the one we read before: all of it counts again, and applying it twice does no harm.
                log.atError().addKeyValue("topic", topic.name()).log("offsets are gone, reading from the beginning");
                consumer.seekToBeginning(e.partitions());
            }
            trouble = Optional.empty();
            if (!caughtUp.isDone() && hasReached(consumer, ends)) {
                caughtUp.complete(null);
            }
        }
    }

    private void seek(KafkaConsumer<String, byte[]> consumer) {
        for (var partition : partitions) {
            long next = progress.next(partition.partition());
            if (next < 0) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next);
            }
        }
    }

    private static boolean hasReached(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void apply(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        if (record.value() == null) {
            store.apply(null, record);
            return;
        }
        while (!closed.get()) {
            switch (codec.decode(topic, record.value())) {
                case Decoded.Value<T>(var value) -> {
                    store.apply(value, record);
                    return;
                }
                case Decoded.Unreadable<T>(var reason) -> {
                    log.atError()
                            .addKeyValue("topic", record.topic())
                            .addKeyValue("partition", record.partition())
                            .addKeyValue("offset", record.offset())
                            .addKeyValue("reason", reason)
                            .log("record unreadable");
                    deadLetters.publish(DeadLetters.of(record, reason, Instant.now()));
                    return;
                }
                case Decoded.RegistryDown<T>(var reason) -> {
                    trouble = Optional.of("schema registry: " + reason);
                    Thread.sleep(PAUSE);
                }
            }
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
