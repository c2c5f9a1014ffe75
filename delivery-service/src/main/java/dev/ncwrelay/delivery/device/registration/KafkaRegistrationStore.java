package dev.ncwrelay.delivery.device.registration;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.delivery.offset.OwnWrites;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Writes registrations to Kafka and reads them from this node's replica. */
record KafkaRegistrationStore(DeviceRegistry registry, RecordSender sender, int partitions)
        implements DeviceRegistrar.RegistrationStore {

    @Override
    public int partitionOf(String deviceId) {
        return DevicePartition.of(deviceId, partitions);
    }

    @Override
    public boolean readUpTo(int partition, long end) {
        return OwnWrites.readUpTo(registry::awaitOffset, partition, end);
    }

    @Override
    public Optional<RegisteredDevice> find(String deviceId) {
        return registry.device(deviceId);
    }

    @Override
    public boolean wasRemoved(String deviceId) {
        return registry.wasRemoved(deviceId);
    }

    @Override
    public boolean isWalletOpenTo(String walletId, String tenant) {
        return registry.devicesOf(walletId).stream().allMatch(device -> tenant.equals(device.tenant()));
    }

    @Override
    public CompletableFuture<Long> write(Device device) {
        return OwnWrites.offset(
                sender.publish(Topics.DEVICES, device.getDeviceId(), device.getDeviceId(), device, Map.of()),
                "the registration could not be stored");
    }
}
