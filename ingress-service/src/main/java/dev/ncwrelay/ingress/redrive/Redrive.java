package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Destination;
import dev.ncwrelay.ingress.route.Destination.ToDevice;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.DeadLetters;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what was kept for wallets without a device, as soon as one registers.
 *
 * <ol>
 *   <li>One node at a time owns a partition, by consumer group; it reads the partition from its beginning, so the state
 *       is the log itself and no offset is ever committed.
 *   <li>An event is delivered to every device its wallet has by then; then a null value under the wallet's id is
 *       appended that names its offset. After a crash in between it is delivered again, under the same id.
 *   <li>An event that only the device it announces could receive, keeps waiting.
 * </ol>
 */
public final class Redrive implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final String GROUP = "ncw-ingress-redrive";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Bounds what is in memory, and what must be acknowledged at once. */
    private static final int BATCH = 100;

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final DeviceRegistry registry;
    private final Router router;
    private final EventPublisher publisher;
    private final Clock clock;
    private final KeptEvents reader;
    private final PendingWallets pending = new PendingWallets();
    private final Set<Integer> owned = new HashSet<>();
    private final Queue<String> registered = new ConcurrentLinkedQueue<>();
    private final Set<String> retry = new HashSet<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    public Redrive(
            KafkaConnection kafka,
            RecordCodec codec,
            DeviceRegistry registry,
            Router router,
            EventPublisher publisher,
            Clock clock) {
        this.kafka = kafka;
        this.codec = codec;
        this.registry = registry;
        this.router = router;
        this.publisher = publisher;
        this.clock = clock;
        this.reader = new KeptEvents(kafka);
        this.thread = Thread.ofPlatform().name("redrive").daemon().unstarted(this::run);
    }

    /** Starts. The registry must have caught up, or wallets would seem to have no device that have one. */
    public void start() {
        registry.onRegistration(device -> registered.add(device.walletId()));
        thread.start();
    }

    @Override
    public void close() {
        closed.set(true);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed.get()) {
            try (var consumer = new KafkaConsumer<String, byte[]>(config())) {
                follow(consumer);
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e.toString()).log("redrive goes on after a pause");
                owned.forEach(pending::forget);
                owned.clear();
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) {
        consumer.subscribe(List.of(Topics.WALLET_UNROUTED.name()), new Ownership(consumer));
        while (!closed.get()) {
            for (var record : consumer.poll(POLL)) {
                take(record);
            }
            var wallets = new HashSet<>(retry);
            retry.clear();
            for (var wallet = registered.poll(); wallet != null; wallet = registered.poll()) {
                wallets.add(wallet);
            }
            for (var wallet : wallets) {
                if (hasReadAll(consumer, wallet)) {
                    deliver(wallet);
                } else {
                    retry.add(wallet);
                }
            }
        }
    }

    /** Further on there may be a marker that says it is done already. */
    private boolean hasReadAll(KafkaConsumer<String, byte[]> consumer, String walletId) {
        int partition = DevicePartition.of(walletId, kafka.partitions());
        return !owned.contains(partition)
                || consumer.currentLag(new TopicPartition(Topics.WALLET_UNROUTED.name(), partition))
                                .orElse(1)
                        == 0;
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            log.atError()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("kept event without wallet, left where it is");
            return;
        }
        if (record.value() == null) {
            deliveredOffset(record).ifPresent(offset -> pending.remove(record.partition(), record.key(), offset));
            return;
        }
        pending.add(record.partition(), record.key(), record.offset());
        // The device may have registered between the routing of this event and now.
        if (!registry.devicesOf(record.key()).isEmpty()) {
            retry.add(record.key());
        }
    }

    /** Which event a marker is about. One that does not say marks nothing: its event is delivered again. */
    private static Optional<Long> deliveredOffset(ConsumerRecord<String, byte[]> marker) {
        return Optional.ofNullable(marker.headers().lastHeader(EventPublisher.DELIVERED_OFFSET))
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    /** Delivers what waits for this wallet, if it is this node's to do. */
    private void deliver(String walletId) {
        int partition = DevicePartition.of(walletId, kafka.partitions());
        var offsets = owned.contains(partition) ? pending.of(partition, walletId) : List.<Long>of();
        for (int from = 0; from < offsets.size(); from += BATCH) {
            var batch = offsets.subList(from, Math.min(from + BATCH, offsets.size()));
            if (deliver(walletId, partition, batch) instanceof PublishOutcome.Unavailable(var cause)) {
                log.atWarn()
                        .addKeyValue("walletId", walletId)
                        .addKeyValue("reason", cause)
                        .log("kept events not delivered yet");
                retry.add(walletId);
                return;
            }
        }
    }

    private PublishOutcome deliver(String walletId, int partition, List<Long> offsets) {
        var destinations = new ArrayList<Destination>();
        var waiting = new ArrayList<Long>();
        var records = reader.read(partition, offsets);
        for (var record : records) {
            decode(record).ifPresent(event -> {
                var recipients = router.recipients(walletId, event.getRequestingDeviceId());
                if (recipients.isEmpty()) {
                    waiting.add(record.offset());
                }
                recipients.forEach(
                        device -> destinations.add(new ToDevice(device.deviceId(), addressed(event, device))));
            });
        }
        var done = records.stream()
                .map(ConsumerRecord::offset)
                .filter(offset -> !waiting.contains(offset))
                .toList();
        var outcome = publisher.publish(destinations, Optional.empty());
        if (outcome instanceof PublishOutcome.Acknowledged) {
            outcome = publisher.markDelivered(walletId, done);
        }
        if (outcome instanceof PublishOutcome.Acknowledged) {
            // Those that Kafka no longer keeps are among them.
            offsets.stream()
                    .filter(offset -> !waiting.contains(offset))
                    .forEach(offset -> pending.remove(partition, walletId, offset));
        }
        if (outcome instanceof PublishOutcome.Acknowledged && !destinations.isEmpty()) {
            log.atInfo()
                    .addKeyValue("walletId", walletId)
                    .addKeyValue("outcome", destinations.size())
                    .log("kept events delivered");
        }
        return outcome;
    }

    /** The event, or nothing when it cannot be read and is set aside. */
    private Optional<DeviceEvent> decode(ConsumerRecord<String, byte[]> record) {
        return switch (codec.decode(Topics.WALLET_UNROUTED, record.value())) {
            case Decoded.Value<DeviceEvent>(var event) -> Optional.of(event);
            case Decoded.Unreadable<DeviceEvent>(var reason) -> {
                publisher.publish(DeadLetters.of(record, reason, clock.instant()));
                yield Optional.empty();
            }
            case Decoded.RegistryDown<DeviceEvent>(var reason) ->
                throw new IllegalStateException("schema registry: " + reason);
        };
    }

    private static DeviceEvent addressed(DeviceEvent event, RegisteredDevice device) {
        return DeviceEvent.newBuilder(event).setDeviceId(device.deviceId()).build();
    }

    private Map<String, Object> config() {
        var config = kafka.consumer("ingress-redrive");
        config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return config;
    }

    private boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Takes partitions over from their beginning. */
    private final class Ownership implements ConsumerRebalanceListener {

        private final KafkaConsumer<String, byte[]> consumer;

        private Ownership(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                pending.forget(partition.partition());
                owned.add(partition.partition());
            });
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                owned.remove(partition.partition());
                pending.forget(partition.partition());
            });
        }
    }
}
