package dev.ncwrelay.delivery.device;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes registrations to Kafka and reads them from this node's replica. */
record KafkaRegistrationStore(DeviceRegistry registry, RecordSender sender, int partitions)
        implements DeviceRegistrar.RegistrationStore {

    private static final int TIMEOUT_SECONDS = 9;
    private static final Duration READ_BACK_TIMEOUT = Duration.ofSeconds(5);

    @Override
    public int partitionOf(String deviceId) {
        return DevicePartition.of(deviceId, partitions);
    }

    @Override
    public boolean readUpTo(int partition, long end) {
        try {
            return registry.awaitOffset(partition, end - 1, READ_BACK_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
        return sender.publish(Topics.DEVICES, device.getDeviceId(), device.getDeviceId(), device, Map.of())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .thenApply(RecordMetadata::offset)
                .exceptionallyCompose(_ ->
                        CompletableFuture.failedFuture(Problem.unavailable("the registration could not be stored")));
    }
}
