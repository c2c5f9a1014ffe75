package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The registrations of devices, as they are now. Safe for many threads. */
final class Registrations implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final DeviceRegistry registry;
    private final KafkaConnection kafka;

    /** Looks up ends of partitions. */
    private Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();

    Registrations(DeviceRegistry registry, KafkaConnection kafka) {
        this.registry = registry;
        this.kafka = kafka;
    }

    /**
     * The device with this id, as far as it is read.
     *
     * @throws ChannelUnavailableException while registrations are not read
     */
    Optional<RegisteredDevice> device(String deviceId) {
        registry.failure().ifPresent(Registrations::unavailable);
        return registry.device(deviceId);
    }

    /**
     * Waits until all registrations of a partition that were written before this call show in look-ups.
     *
     * @throws ChannelUnavailableException when that takes too long
     */
    void awaitLatest(int partition) {
        try {
            if (!registry.awaitOffset(partition, end(partition) - 1, TIMEOUT)) {
                unavailable("more than " + TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unavailable("interrupted");
        }
    }

    @Override
    public synchronized void close() {
        consumer.ifPresent(KafkaConsumer::close);
        consumer = Optional.empty();
    }

    private synchronized long end(int partition) {
        var client = consumer.orElseGet(() -> new KafkaConsumer<>(kafka.shortLivedConsumer("channel-kafka-tenant")));
        consumer = Optional.of(client);
        var topic = new TopicPartition(Topics.DEVICES.name(), partition);
        return client.endOffsets(List.of(topic), TIMEOUT).getOrDefault(topic, 0L);
    }

    private static void unavailable(String cause) {
        throw new ChannelUnavailableException("devices are not read: " + cause);
    }
}
