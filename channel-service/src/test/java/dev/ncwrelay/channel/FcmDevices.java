package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Devices with tokens: replaces delivery-service's side of the kind fcm, and acknowledges. */
final class FcmDevices implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final KafkaDevices kafka;
    private final RecordSender sender;
    private final TopicTail<ChannelState> tail;
    private final Map<String, ChannelState> states = new ConcurrentHashMap<>();

    /** On the shared Kafka. */
    FcmDevices() {
        this(SharedStack.get().connection());
    }

    FcmDevices(KafkaConnection connection) {
        var codec = SharedStack.get().codec();
        this.kafka = new KafkaDevices(connection, "fcm");
        this.sender = sender(connection);
        this.tail = TopicTail.start(
                Topics.CHANNEL_STATES,
                new TailStart.Beginning(),
                connection,
                "test-states",
                codec,
                _ -> {
                    // Of tests that write what cannot be read.
                },
                (state, record) -> {
                    if (state == null) {
                        states.remove(record.key());
                    } else {
                        states.put(record.key(), state);
                    }
                });
    }

    private static RecordSender sender(KafkaConnection connection) {
        return new RecordSender(
                Templates.of(connection, "test"), SharedStack.get().codec(), connection.partitions());
    }

    KafkaDevices kafka() {
        return kafka;
    }

    /** A new device of alice with one token, whose name is the device's id. */
    String withToken() {
        var device = kafka.register("alice");
        addToken(device, 1, device, Map.of());
        return device;
    }

    /** Subscribes with a token from now on. */
    void addToken(String device, long epoch, String token, Map<String, String> settings) {
        assertThat(adding(device, epoch, token, settings, kafka.end(device), kafka.generation()))
                .succeedsWithin(TIMEOUT);
    }

    CompletableFuture<?> adding(
            String device, long epoch, String token, Map<String, String> settings, long eventsFrom, int generation) {
        var all = new HashMap<>(settings);
        all.put("token", token);
        all.put("platform", "android");
        var subscription = new ChannelSubscription(
                device, "fcm", token, UUID.randomUUID().toString(), epoch, generation, eventsFrom, Instant.now(), all);
        return sender.publish(
                Topics.DEVICE_CHANNELS,
                device,
                new ChannelKey(device, "fcm", token).recordKey(),
                subscription,
                Map.of());
    }

    /** The last state of a token. */
    Optional<ChannelState> state(String device, String token) {
        return Optional.ofNullable(states.get(new ChannelKey(device, "fcm", token).recordKey()));
    }

    /** Acknowledges everything up to this offset. */
    void acknowledge(String device, String consumer, long epoch, long offset) {
        var cursor = new DeviceCursor(device, consumer, kafka.generation(), offset, List.of(), Instant.now(), epoch);
        assertThat(sender.publish(Topics.DEVICE_CURSORS, device, device + "\0" + consumer, cursor, Map.of()))
                .succeedsWithin(TIMEOUT);
    }

    @Override
    public void close() {
        tail.close();
        kafka.close();
    }
}
