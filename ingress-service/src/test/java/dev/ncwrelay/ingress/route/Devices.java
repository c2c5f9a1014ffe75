package dev.ncwrelay.ingress.route;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Registers devices as delivery-service does, and waits until a registry has loaded them. */
public final class Devices implements AutoCloseable {

    /** The tenant of all of them. */
    public static final String TENANT = "acme";

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final KafkaProducer<String, byte[]> producer;

    public Devices(KafkaConnection kafka, RecordCodec codec) {
        this.kafka = kafka;
        this.codec = codec;
        this.producer = new KafkaProducer<>(kafka.producer("test-devices"));
    }

    public void register(DeviceRegistry registry, String deviceId, String walletId) {
        var device = new Device(deviceId, walletId, "user", TENANT, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);
        var value = codec.encode(Topics.DEVICES, device);
        int partition = DevicePartition.of(deviceId, kafka.partitions());
        try {
            var written = producer.send(new ProducerRecord<>(Topics.DEVICES.name(), partition, deviceId, value))
                    .get();
            if (!registry.awaitOffset(partition, written.offset(), TIMEOUT)) {
                throw new AssertionError("the registry does not get to know " + deviceId);
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
