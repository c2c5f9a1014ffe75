package dev.ncwrelay.ingress.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.LogReader;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Destination.ToWallet;
import dev.ncwrelay.ingress.route.Devices;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.KafkaDeadLetters;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class RedriveTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final SharedStack stack = SharedStack.get();
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(stack.connection().producer("redrive-test"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeadLetterSink deadLetters = new KafkaDeadLetters(Templates.of(producer), meters);
    private final EventPublisher publisher = new EventPublisher(
            Templates.of(producer),
            stack.codec(),
            stack.connection().partitions(),
            new DeadLetterWriter(meters),
            Clock.systemUTC());
    private final DeviceRegistry registry =
            new DeviceRegistry(stack.connection(), stack.codec(), deadLetters, "redrive-test");
    private final Devices devices = new Devices(stack.connection(), stack.codec());
    private final LogReader log = new LogReader(stack.connection(), stack.codec());
    private final String run = UUID.randomUUID().toString();
    private Redrive redrive = redrive();

    @BeforeEach
    void readDevices() {
        assertThat(registry.caughtUp().toCompletableFuture()).succeedsWithin(TIMEOUT);
    }

    @AfterEach
    void stop() {
        redrive.close();
        devices.close();
        registry.close();
        publisher.close();
        producer.close();
    }

    @Test
    void redrive_deliversKeptEventsWhenADeviceRegisters() {
        redrive.start();
        keep("w1", "e1", null);
        keep("w1", "e2", null);
        keep("w2", "e3", null);

        register("d1", "w1");

        awaitEvents("d1", "e1", "e2");
        assertThat(log.events(id("d1"))).allSatisfy(event -> {
            assertThat(event.getDeviceId()).isEqualTo(id("d1"));
            assertThat(event.getTenant()).isEqualTo(Devices.TENANT);
            assertThat(event.getWalletId()).isEqualTo(id("w1"));
        });
        awaitMarkers("w1", 2);
        assertThat(markers("w2")).isZero();
    }

    @Test
    void failure_isReportedWhenTheThreadEnds() {
        redrive.start();
        assertThat(redrive.failure()).isEmpty();
        var threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("redrive"))
                .toList();
        assertThat(threads).isNotEmpty().allMatch(CriticalThread::isCritical);

        threads.forEach(Thread::interrupt);

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(redrive.failure()).isPresent());
    }

    @Test
    void redrive_deliversEventsKeptAfterADeviceRegistered() {
        redrive.start();
        register("d1", "w1");

        keep("w1", "e1", null);

        awaitEvents("d1", "e1");
    }

    @Test
    void redrive_keepsADeviceAdditionUntilAnotherDeviceRegisters() {
        redrive.start();
        keep("w1", "join", id("new"));
        keep("w1", "other", null);

        register("new", "w1");
        awaitEvents("new", "other");
        awaitMarkers("w1", 1);
        register("old", "w1");

        awaitEvents("old", "join");
        awaitMarkers("w1", 2);
        assertThat(ids("new")).containsExactly("other");
    }

    @Test
    void redrive_afterARestart_readsTheTopic() {
        // Given one event delivered and another that came between its delivery and its marker
        long delivered = keep("w1", "delivered", null);
        keep("w1", "came-later", null);
        assertThat(publisher.markDelivered(id("w1"), List.of(delivered)).join())
                .isInstanceOf(PublishOutcome.Acknowledged.class);

        // When
        redrive.start();
        register("d1", "w1");

        // Then: on one device's stream, in order, so the first would have come before the second
        awaitEvents("d1", "came-later");
    }

    @Test
    void redrive_afterARestart_deliversNothingTwice() {
        redrive.start();
        keep("w1", "e1", null);
        register("d1", "w1");
        awaitMarkers("w1", 1);

        redrive.close();
        redrive = redrive();
        redrive.start();
        keep("w1", "e2", null);

        awaitEvents("d1", "e1", "e2");
    }

    @Test
    void redrive_ofAnUnreadableRecord_writesOneDeadLetterAndContinues() {
        redrive.start();
        int partition = DevicePartition.of(id("w1"), stack.connection().partitions());
        var _ = producer.send(
                new ProducerRecord<>(Topics.WALLET_UNROUTED.name(), partition, id("w1"), "no record".getBytes(UTF_8)));
        keep("w1", "e1", null);

        register("d1", "w1");

        awaitEvents("d1", "e1");
        awaitMarkers("w1", 2);
        assertThat(log.records(Topics.WALLET_UNROUTED.name() + ".dlt", id("w1")))
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).asString(UTF_8).isEqualTo("no record"));
    }

    @Test
    void redrive_ignoresForeignRecords() {
        redrive.start();
        var topic = Topics.WALLET_UNROUTED.name();
        int partition = DevicePartition.of(id("w1"), stack.connection().partitions());
        var _ = producer.send(new ProducerRecord<>(topic, partition, null, "no wallet".getBytes(UTF_8)));
        var marker = new ProducerRecord<String, byte[]>(topic, partition, id("w1"), null);
        marker.headers().add(EventPublisher.DELIVERED_OFFSET, "no offset".getBytes(UTF_8));
        var _ = producer.send(marker);
        keep("w1", "e1", null);

        register("d1", "w1");

        awaitEvents("d1", "e1");
    }

    /** With room for no offset at all, so that what is delivered is found in the log. */
    @Test
    void redrive_aboveTheMaximum_readsThePartition() {
        redrive = redrive(0);
        redrive.start();
        keep("w1", "e1", null);
        keep("w2", "e2", null);
        keep("w1", "e3", null);

        register("d1", "w1");

        awaitEvents("d1", "e1", "e3");
        awaitMarkers("w1", 2);
        assertThat(markers("w2")).isZero();
    }

    private Redrive redrive() {
        return redrive(1_000_000);
    }

    private Redrive redrive(int maxPending) {
        return new Redrive(
                stack.connection(),
                stack.codec(),
                registry,
                new Router(registry),
                publisher,
                deadLetters,
                Clock.systemUTC(),
                maxPending);
    }

    /** Keeps an event as the router does, and returns its offset. */
    private long keep(String wallet, String eventId, @Nullable String requestingDeviceId) {
        var event = new DeviceEvent(
                eventId,
                "any.type",
                null,
                id(wallet),
                null,
                requestingDeviceId,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                ByteBuffer.wrap("{}".getBytes(UTF_8)),
                null);
        assertThat(publisher
                        .publish(List.of(new ToWallet(id(wallet), event)), Optional.empty())
                        .join())
                .isInstanceOf(PublishOutcome.Acknowledged.class);
        return log.records(Topics.WALLET_UNROUTED.name(), id(wallet)).getLast().offset();
    }

    private void register(String device, String wallet) {
        devices.register(registry, id(device), id(wallet));
    }

    private void awaitEvents(String device, String... eventIds) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(ids(device)).containsExactly(eventIds));
    }

    private void awaitMarkers(String wallet, long count) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(markers(wallet)).isEqualTo(count));
    }

    private long markers(String wallet) {
        return log.records(Topics.WALLET_UNROUTED.name(), id(wallet)).stream()
                .filter(record -> record.value() == null)
                .count();
    }

    private List<String> ids(String device) {
        return log.events(id(device)).stream().map(DeviceEvent::getEventId).toList();
    }

    private String id(String name) {
        return name + "-" + run;
    }
}
