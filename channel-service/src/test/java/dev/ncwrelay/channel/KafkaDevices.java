package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.avro.Device;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.kafka.topic.TopicGeneration;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Replaces ingress-service and delivery-service: registers, subscribes and publishes, and reads the states. */
final class KafkaDevices implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final String kind;
    private final RecordSender sender;
    private final Admin admin;
    private final Map<String, ChannelState> states = new ConcurrentHashMap<>();
    private final Map<String, String> subscriptions = new ConcurrentHashMap<>();
    private final TopicTail<ChannelState> tail;

    /** On the shared Kafka, for RabbitMQ. */
    KafkaDevices() {
        this(SharedStack.get().connection(), "rabbitmq");
    }

    /** @param kind of the subscriptions */
    KafkaDevices(KafkaConnection connection, String kind) {
        this.kind = kind;
        var codec = SharedStack.get().codec();
        this.connection = connection;
        this.admin = Admin.create(connection.admin("test"));
        this.sender = new RecordSender(Templates.of(connection, "test"), codec, connection.partitions());
        this.tail = TopicTail.start(
                Topics.CHANNEL_STATES,
                new TailStart.Beginning(),
                connection,
                "test",
                codec,
                _ -> {
                    // Of tests that write what cannot be read.
                },
                (state, record) -> {
                    var parts = record.key().split("\0", 3);
                    var device = parts[0];
                    if (!parts[1].equals(kind)) {
                        return;
                    }
                    if (state == null) {
                        states.remove(device);
                    } else {
                        states.put(device, state);
                    }
                });
    }

    /** A new device of this user. */
    String register(String user) {
        var device = UUID.randomUUID().toString();
        register(device, user, 1, -1);
        return device;
    }

    /** A new device of this tenant. */
    String registerFor(String tenant) {
        var device = UUID.randomUUID().toString();
        register(device, "user", tenant, 1, -1);
        return device;
    }

    void register(String device, String user, long epoch, long eventsFrom) {
        register(device, user, null, epoch, eventsFrom);
    }

    void register(String device, String user, @Nullable String tenant, long epoch, long eventsFrom) {
        var now = Instant.now();
        join(sender.publish(
                Topics.DEVICES,
                device,
                device,
                new Device(device, "wallet-" + device, user, tenant, now, now, epoch, 0L, eventsFrom),
                Map.of()));
    }

    /** Subscribes from now on. */
    void subscribe(String device, long epoch) {
        subscribe(device, epoch, end(device));
    }

    void subscribe(String device, long epoch, long eventsFrom) {
        var key = key(device);
        var id = UUID.randomUUID().toString();
        subscriptions.put(device, id);
        var subscription = new ChannelSubscription(
                device, key.kind(), key.name(), id, epoch, generation(), eventsFrom, Instant.now(), Map.of());
        join(sender.publish(Topics.DEVICE_CHANNELS, device, key.recordKey(), subscription, Map.of()));
    }

    /** Writes a subscription whose record has another key. */
    void subscribeWithAnotherKey(String device) {
        var subscription = new ChannelSubscription(
                device, "rabbitmq", "", "subscription", 1L, generation(), 0L, Instant.now(), Map.of());
        join(sender.publish(Topics.DEVICE_CHANNELS, device, "another key", subscription, Map.of()));
    }

    void unsubscribe(String device) {
        join(sender.remove(Topics.DEVICE_CHANNELS, device, key(device).recordKey(), Map.of()));
    }

    CompletableFuture<RecordMetadata> publish(String device, String eventId, String data) {
        return publish(device, null, eventId, data);
    }

    /** @param tenant as ingress-service knows it */
    CompletableFuture<RecordMetadata> publish(String device, @Nullable String tenant, String eventId, String data) {
        var event = new DeviceEvent(
                eventId,
                "transaction.status.updated",
                device,
                "wallet-" + device,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)),
                tenant);
        return sender.publish(Topics.DEVICE_EVENTS, device, device, event, Map.of("traceparent", "00-trace"));
    }

    /** Waits until this group has a position in every partition: what is published then is forwarded. */
    void awaitGroup(String group) {
        Awaitility.await()
                .atMost(TIMEOUT.multipliedBy(4))
                .untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get())
                        .hasSize(connection.partitions()));
    }

    /** The queue of the device's last subscription. */
    String queue(String device) {
        return "ncw.device." + device + "." + subscription(device);
    }

    /** The id of the device's last subscription. */
    String subscription(String device) {
        return Objects.requireNonNull(subscriptions.get(device));
    }

    /** The last state of the device's subscription. */
    Optional<ChannelState> state(String device) {
        return Optional.ofNullable(states.get(device));
    }

    /** Writes a state as an instance does that has lost the partition. */
    void overwrite(ChannelState state) {
        var key = key(state.getDeviceId());
        join(sender.publish(Topics.CHANNEL_STATES, key.deviceId(), key.recordKey(), state, Map.of()));
    }

    /** The end of the device's partition of the events topic. */
    long end(String device) {
        var partition =
                new TopicPartition(Topics.DEVICE_EVENTS.name(), DevicePartition.of(device, connection.partitions()));
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        tail.close();
        admin.close();
    }

    /** The generation of the events topic. */
    int generation() {
        var name = Topics.DEVICE_EVENTS.name();
        try {
            var topics = admin.describeTopics(List.of(name)).allTopicNames().get();
            return TopicGeneration.of(Objects.requireNonNull(topics.get(name)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ChannelKey key(String device) {
        return new ChannelKey(device, kind, "");
    }

    private static void join(CompletableFuture<RecordMetadata> written) {
        assertThat(written).succeedsWithin(TIMEOUT);
    }
}
