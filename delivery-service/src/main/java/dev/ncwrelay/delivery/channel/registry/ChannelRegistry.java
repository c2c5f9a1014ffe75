package dev.ncwrelay.delivery.channel.registry;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.tail.TailListener;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory replica of all subscriptions to channels and of their states.
 *
 * <ol>
 *   <li>Look-ups never block and never throw.
 *   <li>A look-up does not know who owns the device: a subscription of another epoch than the device's is void, and
 *       only {@link #countOf} leaves it out.
 *   <li>{@link #awaitOffset} lets the writer of a subscription wait until look-ups show it.
 *   <li>While no kind of channel can be used, there are no tails, and nothing is found.
 * </ol>
 */
public final class ChannelRegistry implements AutoCloseable {

    private final ChannelIndex index = new ChannelIndex();
    private final SubscriptionCounts counts;
    private final @Nullable TopicTail<ChannelSubscription> subscriptions;
    private final @Nullable TopicTail<ChannelState> states;

    /** @param isUsed whether the topics are read */
    ChannelRegistry(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            DeviceRegistry devices,
            boolean isUsed) {
        counts = new SubscriptionCounts(deviceId -> inForce(deviceId, devices).map(ChannelSubscription::getKind));
        if (isUsed) {
            devices.onRegistration(device -> counts.update(device.deviceId()));
            devices.onOwnershipEnd(device -> counts.update(device.deviceId()));
        }
        subscriptions = isUsed ? tail(Topics.DEVICE_CHANNELS, kafka, codec, deadLetters, this::readSubscription) : null;
        states = isUsed ? tail(Topics.CHANNEL_STATES, kafka, codec, deadLetters, this::readState) : null;
    }

    /** The last subscription with this key, of any ownership of the device. */
    public Optional<SubscribedChannel> find(ChannelKey key) {
        return index.find(key);
    }

    /** All subscriptions of this device to this kind, of any ownership of the device. */
    public List<SubscribedChannel> find(String deviceId, String kind) {
        return index.find(deviceId, kind).toList();
    }

    /** Number of subscriptions to this kind, of all devices, without void ones. */
    public long countOf(String kind) {
        return counts.of(kind);
    }

    /** The subscription that was removed by the tombstone at this offset, if there was one, and it was read a moment ago. */
    public Optional<ChannelSubscription> removedAt(int partition, long offset) {
        return index.removedAt(partition, offset);
    }

    /** Number of subscriptions, void ones included. */
    public int size() {
        return index.size();
    }

    /** The running tails; none while the topics are not read. */
    public List<TopicTail<?>> tails() {
        return Stream.<@Nullable TopicTail<?>>of(subscriptions, states)
                .<TopicTail<?>>flatMap(Stream::ofNullable)
                .toList();
    }

    /** Records in the topics that are not loaded yet, as of a moment ago. */
    public long lag() {
        return tails().stream().mapToLong(TopicTail::lag).sum();
    }

    /** Waits until the subscription at this offset is loaded; false when it takes longer, or the topics are not read. */
    public boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException {
        return subscriptions != null && subscriptions.awaitOffset(partition, offset, timeout);
    }

    @Override
    public void close() {
        tails().forEach(TopicTail::close);
    }

    private void readSubscription(@Nullable ChannelSubscription subscription, ConsumerRecord<String, byte[]> record) {
        if (subscription == null) {
            index.remove(record.key(), record.partition(), record.offset());
        } else {
            index.put(record.key(), subscription);
        }
        counts.update(ChannelKey.deviceOf(record.key()));
    }

    private void readState(@Nullable ChannelState state, ConsumerRecord<String, byte[]> record) {
        if (state == null) {
            index.removeState(record.key());
        } else {
            index.putState(record.key(), state);
        }
    }

    private Stream<ChannelSubscription> inForce(String deviceId, DeviceRegistry devices) {
        return devices.device(deviceId).stream()
                .flatMap(device ->
                        index.ofDevice(deviceId).filter(subscription -> subscription.getEpoch() == device.epoch()));
    }

    private static <T extends SpecificRecord> TopicTail<T> tail(
            Topic<T> topic,
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            TailListener<T> listener) {
        return TopicTail.start(
                topic, new TailStart.Beginning(), kafka, "delivery-" + topic.name(), codec, deadLetters, listener);
    }
}
