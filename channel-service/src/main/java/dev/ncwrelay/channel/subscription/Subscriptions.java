package dev.ncwrelay.channel.subscription;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * All subscriptions and their states.
 *
 * <ol>
 *   <li>Look-ups never block. A subscription counts only while its device belongs to the owner who subscribed.
 *   <li>Listeners are called with the key of what has changed, after look-ups show it, on reading threads: they must not
 *       block.
 *   <li>{@link #failure} is empty once everything has been read and while reading continues.
 * </ol>
 */
public final class Subscriptions implements AutoCloseable {

    private final DeviceRegistry registry;
    private final List<Consumer<ChannelKey>> listeners = new CopyOnWriteArrayList<>();
    private final ChannelReplica<ChannelSubscription> subscriptions;
    private final ChannelReplica<ChannelState> states;

    public Subscriptions(
            DeviceRegistry registry, KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters) {
        this.registry = registry;
        this.subscriptions = new ChannelReplica<>(
                Topics.DEVICE_CHANNELS,
                ChannelKey::of,
                Subscriptions::newest,
                kafka,
                codec,
                deadLetters,
                this::changed);
        this.states = new ChannelReplica<>(
                Topics.CHANNEL_STATES, ChannelKey::of, (_, read) -> read, kafka, codec, deadLetters, this::changed);
    }

    /** Calls the listener for every change of a subscription, a state or an ownership from now on. */
    public void onChange(String kind, Consumer<ChannelKey> listener) {
        listeners.add(key -> {
            if (key.kind().equals(kind)) {
                listener.accept(key);
            }
        });
        registry.onRegistration(device -> listener.accept(new ChannelKey(device.deviceId(), kind, "")));
        registry.onOwnershipEnd(device -> listener.accept(new ChannelKey(device.deviceId(), kind, "")));
    }

    /** The subscription, if it is in force. */
    public Optional<Subscription> find(ChannelKey key) {
        return subscriptions
                .find(key)
                .flatMap(record -> registry.device(key.deviceId())
                        .filter(device -> device.epoch() == record.getEpoch())
                        .map(device -> Subscription.of(record, device)));
    }

    /** The last state that was written for this key, by any instance. */
    public Optional<ChannelState> state(ChannelKey key) {
        return states.find(key);
    }

    /** The keys of all subscriptions and states of this kind in a partition. */
    public Set<ChannelKey> keys(int partition, String kind) {
        return Stream.concat(subscriptions.keys(partition, kind), states.keys(partition, kind))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The keys of a device's subscriptions of this kind, in force or not. */
    public Stream<ChannelKey> keys(String deviceId, String kind) {
        return subscriptions.keys(deviceId, kind);
    }

    /** The keys of a device's subscriptions and states of this kind. */
    public Set<ChannelKey> allKeys(String deviceId, String kind) {
        return Stream.concat(subscriptions.keys(deviceId, kind), states.keys(deviceId, kind))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Waits until everything that was written to a partition before this call shows in look-ups.
     *
     * @param consumer asks for the ends of the topics; its assignment stays as it is
     * @return false when it takes longer than the timeout
     */
    public boolean awaitEnds(int partition, org.apache.kafka.clients.consumer.Consumer<?, ?> consumer, Duration timeout)
            throws InterruptedException {
        var devices = new TopicPartition(Topics.DEVICES.name(), partition);
        var channels = new TopicPartition(Topics.DEVICE_CHANNELS.name(), partition);
        var written = new TopicPartition(Topics.CHANNEL_STATES.name(), partition);
        var ends = consumer.endOffsets(List.of(devices, channels, written));
        return registry.awaitOffset(partition, ends.getOrDefault(devices, 0L) - 1, timeout)
                && subscriptions.tail().awaitOffset(partition, ends.getOrDefault(channels, 0L) - 1, timeout)
                && states.tail().awaitOffset(partition, ends.getOrDefault(written, 0L) - 1, timeout);
    }

    /** Why not everything is read, human-readable; empty when it is, and reading continues. */
    public Optional<String> failure() {
        if (!registry.isCaughtUp()
                || !subscriptions.tail().isCaughtUp()
                || !states.tail().isCaughtUp()) {
            return Optional.of("devices and subscriptions not loaded yet"
                    + failures().findFirst().map(cause -> ": " + cause).orElse(""));
        }
        return failures().findFirst();
    }

    @Override
    public void close() {
        subscriptions.close();
        states.close();
    }

    private Stream<String> failures() {
        return Stream.of(
                        registry.failure(),
                        subscriptions.tail().failure(),
                        states.tail().failure())
                .flatMap(Optional::stream);
    }

    /** A former owner's subscription that is written late does not replace the present owner's. */
    private static ChannelSubscription newest(ChannelSubscription known, ChannelSubscription read) {
        return read.getEpoch() < known.getEpoch() ? known : read;
    }

    private void changed(ChannelKey key) {
        listeners.forEach(listener -> listener.accept(key));
    }
}
