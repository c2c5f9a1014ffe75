package dev.ncwrelay.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Measures the load time and the heap of a million devices. Run only by name. */
class MillionDevicesMeasurement {

    private static final int DEVICES = 1_000_000;

    @Test
    void registry_catchesUpWithAMillionDevices() throws Exception {
        var stack = SharedStack.get();
        var kafka = stack.kafka();
        var now = Instant.now();
        try (var producer = new KafkaProducer<String, byte[]>(kafka.connection().producer("measure"))) {
            for (int one = 0; one < DEVICES; one++) {
                var deviceId = UUID.randomUUID().toString();
                // Ten devices of seven wallets: most users have one device, some more.
                var walletId = new UUID(7, one * 7L / 10).toString();
                var device = new Device(deviceId, walletId, "auth0|" + UUID.randomUUID(), null, now, now, 0L, 0L, -1L);
                var _ = producer.send(new ProducerRecord<>(
                        Topics.DEVICES.name(),
                        DevicePartition.of(deviceId, LocalKafka.PARTITIONS),
                        deviceId,
                        stack.codec().encode(Topics.DEVICES, device)));
            }
            producer.flush();
        }
        long before = heap();
        long began = System.nanoTime();
        try (var registry = new DeviceRegistry(kafka.connection(), stack.codec(), _ -> {}, "measure")) {
            assertThat(registry.caughtUp().toCompletableFuture()).succeedsWithin(Duration.ofMinutes(5));
            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(registry.size()).isGreaterThanOrEqualTo(DEVICES);
            System.out.printf(
                    "measured: %,d devices known after %.1f s, %,d bytes of heap each%n",
                    registry.size(), seconds, (heap() - before) / registry.size());
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
