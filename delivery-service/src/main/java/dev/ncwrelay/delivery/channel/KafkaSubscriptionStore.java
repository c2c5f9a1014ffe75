package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.registry.ChannelRegistry;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.delivery.offset.OwnWrites;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes subscriptions to Kafka and reads them from this node's replica. */
record KafkaSubscriptionStore(ChannelRegistry channels, DeviceRegistry devices, RecordSender sender, int partitions)
        implements ChannelSubscriber.SubscriptionStore {

    @Override
    public int partitionOf(String deviceId) {
        return DevicePartition.of(deviceId, partitions);
    }

    @Override
    public boolean readUpTo(int partition, long end) {
        return OwnWrites.readUpTo(channels::awaitOffset, partition, end);
    }

    @Override
    public Optional<SubscribedChannel> find(ChannelKey key) {
        return channels.find(key);
    }

    @Override
    public List<SubscribedChannel> find(String deviceId, String kind) {
        return channels.find(deviceId, kind);
    }

    @Override
    public Optional<ChannelSubscription> removedAt(int partition, long offset) {
        return channels.removedAt(partition, offset);
    }

    @Override
    public boolean isOwned(RegisteredDevice device) {
        return devices.device(device.deviceId()).filter(device::isSameOwnership).isPresent();
    }

    @Override
    public long countOf(String kind) {
        return channels.countOf(kind);
    }

    @Override
    public CompletableFuture<Long> write(ChannelSubscription subscription) {
        var key = ChannelKey.of(subscription);
        return stored(sender.publish(Topics.DEVICE_CHANNELS, key.deviceId(), key.recordKey(), subscription, Map.of()));
    }

    @Override
    public CompletableFuture<Long> remove(ChannelKey key) {
        return stored(sender.remove(Topics.DEVICE_CHANNELS, key.deviceId(), key.recordKey(), Map.of()));
    }

    private static CompletableFuture<Long> stored(CompletableFuture<RecordMetadata> written) {
        return OwnWrites.offset(written, "the subscription could not be stored");
    }
}
