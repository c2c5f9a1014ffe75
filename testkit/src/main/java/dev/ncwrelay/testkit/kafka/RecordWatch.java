package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.avro.WorkspaceEvent;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the messages and calls of a relay in Kafka, from now on, for people to watch. It waits for Kafka and for the
 * topics, and begins again at their ends after a failure, so it may leave records out: nothing may depend on it.
 */
public final class RecordWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordWatch.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Map<String, Topic<?>> TOPICS = List.of(
                    Topics.DEVICE_EVENTS,
                    Topics.WALLET_UNROUTED,
                    Topics.WORKSPACE_EVENTS,
                    Topics.RPC_REQUESTS,
                    Topics.RPC_REPLIES)
            .stream()
            .collect(Collectors.toMap(Topic::name, topic -> topic));

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final Consumer<WatchedRecord> found;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("record-watch").daemon().unstarted(this::run);

    private RecordWatch(KafkaConnection kafka, RecordCodec codec, Consumer<WatchedRecord> found) {
        this.kafka = kafka;
        this.codec = codec;
        this.found = found;
    }

    /**
     * Starts watching.
     *
     * @param found called by one thread, in the order of each partition
     */
    public static RecordWatch start(String bootstrapServers, URI registry, Consumer<WatchedRecord> found) {
        // The number of partitions is not used: the broker says it.
        var kafka = KafkaConnection.toDevelopmentBroker(bootstrapServers, 1, Map.of());
        var watch = new RecordWatch(kafka, new RecordCodec(RegistryConnection.at(registry)), found);
        watch.thread.start();
        return watch;
    }

    /** Completes with true when every record that is written from then on is seen; never while Kafka does not run. */
    public CompletableFuture<Boolean> ready() {
        return ready.copy();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        codec.close();
    }

    private void run() {
        do {
            try (var consumer = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("record-watch"))) {
                follow(consumer);
            } catch (RuntimeException failure) {
                log.atDebug().addKeyValue("reason", failure.toString()).log("records are not watched");
            }
        } while (!isClosedAfter(PAUSE));
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) {
        var partitions = new ArrayList<TopicPartition>();
        for (var topic : TOPICS.keySet()) {
            var known = consumer.partitionsFor(topic);
            if (known == null || known.isEmpty()) {
                return;
            }
            known.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        ready.complete(true);
        while (!isClosedAfter(Duration.ZERO)) {
            for (var record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    report(record);
                }
            }
        }
    }

    private void report(ConsumerRecord<String, byte[]> record) {
        var fields = fields(value(TOPICS.get(record.topic()), record.value()));
        if (!fields.isEmpty()) {
            found.accept(new WatchedRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    fields));
        }
    }

    private <T extends SpecificRecord> @Nullable SpecificRecord value(@Nullable Topic<T> topic, byte[] bytes) {
        return topic != null && codec.decode(topic, bytes) instanceof Decoded.Value<T>(var value) ? value : null;
    }

    private static Map<String, Object> fields(@Nullable SpecificRecord value) {
        var fields = new LinkedHashMap<String, Object>();
        switch (value) {
            case DeviceEvent event -> {
                fields.put("eventId", event.getEventId());
                fields.put("type", event.getEventType());
                if (event.getDeviceId() != null) {
                    fields.put("deviceId", event.getDeviceId());
                }
                fields.put("receivedAt", event.getReceivedAt().toEpochMilli());
            }
            case WorkspaceEvent event -> {
                fields.put("eventId", event.getEventId());
                fields.put("type", event.getEventType());
                fields.put("receivedAt", event.getReceivedAt().toEpochMilli());
            }
            case RpcRequest request -> {
                fields.put("requestId", request.getRequestId());
                fields.put("deviceId", request.getDeviceId());
                fields.put("createdAt", request.getCreatedAt().toEpochMilli());
            }
            case RpcReply reply -> {
                fields.put("requestId", reply.getRequestId());
                fields.put("deviceId", reply.getDeviceId());
                fields.put("outcome", reply.getOutcome().name());
                if (reply.getStatus() != null) {
                    fields.put("status", reply.getStatus());
                }
                fields.put("completedAt", reply.getCompletedAt().toEpochMilli());
                fields.put("upstreamMillis", reply.getUpstreamMillis());
            }
            case null, default -> {}
        }
        return fields;
    }

    private boolean isClosedAfter(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
