package dev.ncwrelay.kafka.tail;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic with one thread and continues with new records, without a consumer group and therefore
 * without rebalances.
 *
 * <ol>
 *   <li>{@link #caughtUp} completes when all records that existed at the start have been applied.
 *   <li>{@link #awaitOffset} lets a writer wait for its own record.
 *   <li>During an outage of Kafka or of the schema registry it waits; no record is skipped.
 *   <li>An unreadable record is sent to the dead letters, and reading continues.
 *   <li>An {@link Error} ends the process; {@link #failure} reports a thread that has ended for another reason.
 * </ol>
 */
public final class TopicTail<T extends SpecificRecord> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PROBE_AFTER = Duration.ofSeconds(5);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** A broker that accepts connections and does not respond would delay the close of the consumer by half a minute. */
    private static final Duration CONSUMER_CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Topic<T> topic;
    private final TailStart start;
    private final Map<String, Object> consumerConfig;
    private final TailListener<T> listener;
    private final TailRecords<T> decoder;
    private final List<TopicPartition> partitions;
    private final TailProgress progress;
    private final TailLag lag;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private volatile Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();
    private volatile Optional<String> failure = Optional.of("not read yet");

    private TopicTail(
            Topic<T> topic,
            TailStart start,
            KafkaConnection kafka,
            String clientId,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            TailListener<T> listener) {
        this.topic = topic;
        this.start = start;
        this.consumerConfig = kafka.consumer(clientId);
        this.listener = listener;
        this.decoder = new TailRecords<>(
                topic, codec, deadLetters, listener, closed::get, reason -> failure = Optional.of(reason));
        this.partitions = IntStream.range(0, kafka.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        this.progress = new TailProgress(kafka.partitions());
        this.lag = new TailLag(partitions);
        this.thread = CriticalThread.unstarted("tail " + topic.name(), this::run);
    }

    /** Starts reading on its own thread. */
    public static <T extends SpecificRecord> TopicTail<T> start(
            Topic<T> topic,
            TailStart start,
            KafkaConnection kafka,
            String clientId,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            TailListener<T> listener) {
        var tail = new TopicTail<>(topic, start, kafka, clientId, codec, deadLetters, listener);
        tail.thread.start();
        return tail;
    }

    /** Completes when all records that existed at the start have been applied. */
    public CompletionStage<Void> caughtUp() {
        return caughtUp.copy();
    }

    public boolean isCaughtUp() {
        return caughtUp.isDone();
    }

    /** Records not applied yet, as of a moment ago. */
    public long lag() {
        return lag.records();
    }

    /** Why nothing can be read now, human-readable; empty when healthy. */
    public Optional<String> failure() {
        return thread.isAlive() || closed.get()
                ? failure
                : Optional.of("the thread that reads " + topic.name() + " has ended");
    }

    /** Waits until the record at this offset has been applied; false when it takes longer than {@code timeout}. */
    public boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException {
        return progress.await(partition, offset, timeout);
    }

    @Override
    public void close() {
        closed.set(true);
        // During an outage a call of the consumer takes a minute. An interrupt would abort the close of the consumer
        // too.
        consumer.ifPresent(KafkaConsumer::wakeup);
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed.get()) {
            try {
                read();
            } catch (WakeupException e) {
                return;
            } catch (InterruptException | InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                failed(e.toString());
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private void read() throws InterruptedException {
        var created = new KafkaConsumer<String, byte[]>(consumerConfig);
        try {
            // Before the check: a concurrent close either wakes this consumer up or is seen here.
            consumer = Optional.of(created);
            if (!closed.get()) {
                follow(created);
            }
        } finally {
            created.close(CloseOptions.timeout(CONSUMER_CLOSE_TIMEOUT));
        }
    }

    /** Logs each reason once: a tail without permission fails twice a second. */
    private void failed(String reason) {
        boolean isKnown = failure.filter(reason::equals).isPresent();
        failure = Optional.of(reason);
        (isKnown ? log.atDebug() : log.atWarn())
                .addKeyValue("topic", topic.name())
                .addKeyValue("reason", reason)
                .log("tail failed, will retry");
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) throws InterruptedException {
        consumer.assign(partitions);
        seek(consumer);
        var ends = consumer.endOffsets(partitions);
        long respondedAt = System.nanoTime();
        boolean isReading = false;
        while (!closed.get()) {
            try {
                var records = consumer.poll(POLL);
                if (!isReading) {
                    // Not earlier: offsets can be looked up without the permission to read.
                    isReading = true;
                    failure = Optional.empty();
                }
                lag.received(consumer, records.count());
                for (var record : records) {
                    decoder.pass(record);
                    progress.advance(record.partition(), record.offset() + 1);
                }
                lag.applied();
                if (!records.isEmpty()) {
                    listener.batchCompleted();
                    failure = Optional.empty();
                    respondedAt = System.nanoTime();
                } else if (System.nanoTime() - respondedAt > PROBE_AFTER.toNanos()) {
                    respondedAt = probe(consumer) ? System.nanoTime() : respondedAt;
                }
            } catch (OffsetOutOfRangeException e) {
                log.atError()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("partition", e.partitions())
                        .log("offsets out of range, tail repositioned");
                begin(consumer, e.partitions());
            }
            if (!caughtUp.isDone() && hasReached(consumer, ends)) {
                caughtUp.complete(null);
            }
        }
    }

    /** Probes the broker: an empty fetch may be a quiet topic or an unreachable broker. */
    private boolean probe(KafkaConsumer<String, byte[]> consumer) {
        try {
            consumer.endOffsets(partitions, PROBE_TIMEOUT);
            failure = Optional.empty();
            return true;
        } catch (TimeoutException e) {
            failure = Optional.of("Kafka does not respond: " + e.getMessage());
            return false;
        }
    }

    private void seek(KafkaConsumer<String, byte[]> consumer) {
        var fresh = new ArrayList<TopicPartition>();
        for (var partition : partitions) {
            long next = progress.next(partition.partition());
            if (next < 0) {
                fresh.add(partition);
            } else {
                consumer.seek(partition, next);
            }
        }
        if (!fresh.isEmpty()) {
            begin(consumer, fresh);
        }
    }

    private void begin(KafkaConsumer<String, byte[]> consumer, Collection<TopicPartition> fresh) {
        start.seek(consumer, fresh);
        for (var partition : fresh) {
            long offset = consumer.position(partition);
            progress.advance(partition.partition(), offset);
            listener.positioned(partition.partition(), offset);
        }
    }

    private static boolean hasReached(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
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
