package dev.ncwrelay.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class DeviceRegistryTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private static final SharedStack stack = SharedStack.get();
    private static final LocalKafka kafka = LocalKafka.start();

    private final String run = UUID.randomUUID().toString();
    private final KafkaProducer<String, byte[]> producer = TestProducer.of(kafka.connection(), "test");
    private final List<ProducerRecord<String, byte[]>> deadLetters = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void closeProducer() {
        producer.close();
    }

    @Test
    void caughtUp_completesWhenAllDevicesAreLoaded() throws Exception {
        write("d1", "w1");
        write("d2", "w1");
        write("d1", "w2");

        try (var registry = start()) {
            assertThat(registry.caughtUp().toCompletableFuture()).succeedsWithin(TIMEOUT);
            assertThat(registry.devicesOf(id("w1")))
                    .extracting(RegisteredDevice::deviceId)
                    .containsExactly(id("d2"));
            assertThat(registry.devicesOf(id("w2")))
                    .extracting(RegisteredDevice::deviceId)
                    .containsExactly(id("d1"));
            assertThat(registry.failure()).isEmpty();
        }
    }

    @Test
    void awaitOffset_waitsForTheOwnRegistration_andListenersAreCalled() throws Exception {
        try (var registry = start()) {
            var heard = new CopyOnWriteArrayList<RegisteredDevice>();
            registry.onRegistration(device -> {
                if (isOfThisRun(device)) {
                    heard.add(device);
                }
            });

            var written = write("d1", "w1");

            assertThat(registry.awaitOffset(written.partition(), written.offset(), TIMEOUT))
                    .isTrue();
            assertThat(registry.device(id("d1")))
                    .map(RegisteredDevice::walletId)
                    .hasValue(id("w1"));
            assertThat(heard).extracting(RegisteredDevice::deviceId).containsExactly(id("d1"));
        }
    }

    @Test
    void registry_removesADeviceWithATombstone() throws Exception {
        try (var registry = start()) {
            write("d1", "w1");
            var removed = send("d1", null);

            assertThat(registry.awaitOffset(removed.partition(), removed.offset(), TIMEOUT))
                    .isTrue();
            assertThat(registry.device(id("d1"))).isEmpty();
            assertThat(registry.devicesOf(id("w1"))).isEmpty();
        }
    }

    @Test
    void onOwnershipEnd_isCalledForEachEnd_andNotForRepetitions() throws Exception {
        try (var registry = start()) {
            // Given
            var ended = new CopyOnWriteArrayList<String>();
            registry.onOwnershipEnd(former -> {
                if (isOfThisRun(former)) {
                    ended.add(former.userId() + " "
                            + registry.device(id("d1"))
                                    .map(RegisteredDevice::userId)
                                    .orElse("none"));
                }
            });

            // When
            write("d1", "w1", "anna", 100, 0);
            write("d1", "w1", "anna", 100, 100);
            write("d1", "w1", "bert", 200, 100);
            var removed = send("d1", null);

            // Then
            assertThat(registry.awaitOffset(removed.partition(), removed.offset(), TIMEOUT))
                    .isTrue();
            assertThat(ended).containsExactly("anna bert", "bert none");
        }
    }

    @Test
    void concurrentRegistrations_endWithTheLast_whichIsConflicting() throws Exception {
        try (var registry = start()) {
            // When
            write("d1", "w1", "anna", 100, 0);
            var last = write("d1", "w1", "bert", 90, 0);

            // Then
            assertThat(registry.awaitOffset(last.partition(), last.offset(), TIMEOUT))
                    .isTrue();
            assertThat(registry.device(id("d1"))).hasValueSatisfying(device -> {
                assertThat(device.userId()).isEqualTo("bert");
                assertThat(device.conflicting())
                        .extracting(RegisteredDevice::userId)
                        .isEqualTo("anna");
            });
        }
    }

    @Test
    void registry_ofAnUnreadableRecord_writesADeadLetterAndContinues() throws Exception {
        try (var registry = start()) {
            send("d1", new byte[] {1, 2, 3});
            var good = write("d1", "w1");

            assertThat(registry.awaitOffset(good.partition(), good.offset(), TIMEOUT))
                    .isTrue();
            assertThat(registry.device(id("d1"))).isPresent();
            assertThat(deadLetters).extracting(ProducerRecord::topic).containsExactly("ncw.devices.dlt");
        }
    }

    @Test
    void registry_continuesAfterAnOutageOfKafka() throws Exception {
        try (var registry = start()) {
            write("d1", "w1");
            assertThat(registry.caughtUp().toCompletableFuture()).succeedsWithin(TIMEOUT);

            kafka.stop();
            kafka.restart();
            write("d2", "w1");

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(registry.devicesOf(id("w1")))
                            .extracting(RegisteredDevice::deviceId)
                            .containsExactly(id("d1"), id("d2")));
        }
    }

    private DeviceRegistry start() {
        return new DeviceRegistry(kafka.connection(), stack.codec(), deadLetters::add, "test");
    }

    private RecordMetadata write(String device, String wallet) throws ExecutionException, InterruptedException {
        var value = new Device(id(device), id(wallet), "user", null, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);
        return send(device, stack.codec().encode(Topics.DEVICES, value));
    }

    private RecordMetadata write(String device, String wallet, String user, long epoch, long basedOn)
            throws ExecutionException, InterruptedException {
        var value = new Device(id(device), id(wallet), user, null, Instant.EPOCH, Instant.EPOCH, epoch, basedOn, 0L);
        return send(device, stack.codec().encode(Topics.DEVICES, value));
    }

    private RecordMetadata send(String device, byte @Nullable [] value)
            throws ExecutionException, InterruptedException {
        int partition = DevicePartition.of(id(device), kafka.connection().partitions());
        return producer.send(new ProducerRecord<>(Topics.DEVICES.name(), partition, id(device), value))
                .get();
    }

    /** The topic has the devices of the tests before, too. */
    private boolean isOfThisRun(RegisteredDevice device) {
        return device.deviceId().endsWith(run);
    }

    private String id(String name) {
        return name + "-" + run;
    }
}
