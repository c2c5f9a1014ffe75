package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka as the other services use it: sends requests, and collects the replies from now on. */
final class RequestLog implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final KafkaConnection kafka;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Runnable> sent = new ConcurrentHashMap<>();
    private final Map<String, Queue<Received>> replies = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Received>> firsts = new ConcurrentHashMap<>();
    private final Queue<ConsumerRecord<String, byte[]>> deadLetters = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile boolean closed;

    /** A reply and its record. */
    record Received(RpcReply reply, ConsumerRecord<String, byte[]> record) {}

    RequestLog(KafkaConnection kafka) {
        this.kafka = kafka;
        this.producer = TestProducer.of(kafka, "test");
        var consumer = new KafkaConsumer<String, byte[]>(kafka.consumer("test"));
        var partitions = Stream.concat(
                        IntStream.range(0, kafka.partitions())
                                .mapToObj(partition -> new TopicPartition(Topics.RPC_REPLIES.name(), partition)),
                        Stream.of(new TopicPartition(Topics.RPC_REQUESTS.deadLetters(), 0)))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.reader = Thread.ofPlatform().name("test-replies").start(() -> read(consumer));
    }

    /** A consumer group positioned at the current end. */
    String newGroup() throws ExecutionException, InterruptedException {
        var group = "group-" + UUID.randomUUID();
        try (var admin = Admin.create(kafka.admin("test"))) {
            var requests = IntStream.range(0, kafka.partitions())
                    .mapToObj(partition -> new TopicPartition(Topics.RPC_REQUESTS.name(), partition))
                    .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
            var ends = new HashMap<TopicPartition, OffsetAndMetadata>();
            admin.listOffsets(requests)
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, ends).all().get();
        }
        return group;
    }

    /** A request whose deadline is minutes away. */
    String send(String deviceId, String method) {
        return send(deviceId, "{\"method\":\"" + method + "\"}", Instant.now().plus(TIMEOUT));
    }

    String send(String deviceId, String payload, Instant deadline) {
        var requestId = UUID.randomUUID().toString();
        sent.put(requestId, () -> send(requestId, null, deviceId, payload, deadline));
        sendAgain(requestId);
        return requestId;
    }

    /** A request of a tenant, whose deadline is minutes away. */
    String sendOf(String tenant, String deviceId, String method) {
        var requestId = UUID.randomUUID().toString();
        var payload = "{\"method\":\"" + method + "\"}";
        send(requestId, tenant, deviceId, payload, Instant.now().plus(TIMEOUT));
        return requestId;
    }

    /** Sends the same request again. */
    void sendAgain(String requestId) {
        Objects.requireNonNull(sent.get(requestId)).run();
    }

    private void send(String requestId, @Nullable String tenant, String deviceId, String payload, Instant deadline) {
        var request = RpcRequest.newBuilder()
                .setRequestId(requestId)
                .setDeviceId(deviceId)
                .setWalletId("wallet-1")
                .setTenant(tenant)
                .setPayload(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)))
                .setCreatedAt(Instant.now())
                .setDeadline(deadline)
                .build();
        send(deviceId, SharedStack.get().codec().encode(Topics.RPC_REQUESTS, request), traceOf(requestId));
    }

    /** The trace parent that requests are sent with. */
    static String traceOf(String requestId) {
        return "00-" + requestId.replace("-", "") + "-00f067aa0ba902b7-01";
    }

    void send(String deviceId, byte[] value, String traceParent) {
        var record = new ProducerRecord<String, byte[]>(
                Topics.RPC_REQUESTS.name(), DevicePartition.of(deviceId, kafka.partitions()), deviceId, value);
        record.headers().add("traceparent", traceParent.getBytes(StandardCharsets.UTF_8));
        var _ = producer.send(record);
    }

    /** The first reply to the request; fails if there is none. */
    Received reply(String requestId) {
        awaitReplies(List.of(requestId));
        return replies(requestId).getFirst();
    }

    /** A future of the first reply. */
    CompletableFuture<Received> firstReply(String requestId) {
        return firsts.computeIfAbsent(requestId, _ -> new CompletableFuture<>())
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    List<Received> replies(String requestId) {
        return new ArrayList<>(replies.getOrDefault(requestId, new ConcurrentLinkedQueue<>()));
    }

    void awaitReplies(List<String> requestIds) {
        // Awaitility waits before its first check, which adds up when a test checks thousands.
        await().pollDelay(Duration.ZERO)
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(requestIds)
                        .filteredOn(id -> !replies.containsKey(id))
                        .isEmpty());
    }

    List<ConsumerRecord<String, byte[]>> deadLettersOf(String deviceId) {
        return deadLetters.stream()
                .filter(letter -> deviceId.equals(letter.key()))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        producer.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(KafkaConsumer<String, byte[]> consumer) {
        try (consumer) {
            while (!closed) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    keep(record);
                }
            }
        }
    }

    private void keep(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.RPC_REQUESTS.deadLetters())) {
            deadLetters.add(record);
            return;
        }
        var decoded = SharedStack.get().codec().decode(Topics.RPC_REPLIES, record.value());
        if (decoded instanceof Decoded.Value<RpcReply>(var reply)) {
            replies.computeIfAbsent(reply.getRequestId(), _ -> new ConcurrentLinkedQueue<>())
                    .add(new Received(reply, record));
            firsts.computeIfAbsent(reply.getRequestId(), _ -> new CompletableFuture<>())
                    .complete(new Received(reply, record));
        }
    }
}
