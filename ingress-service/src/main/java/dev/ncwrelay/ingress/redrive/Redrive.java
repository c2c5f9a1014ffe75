package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the kept events of a wallet when its first device registers.
 *
 * <ol>
 *   <li>A consumer group assigns each partition to one node, which reads it from the beginning: the topic is the state, and
 *       no offset is committed.
 *   <li>An event is published to all devices that its wallet has by then, and then a tombstone with the wallet's id and the
 *       event's offset is written. After a crash in between the event is delivered again, with the same id.
 *   <li>An event stays kept while the wallet has no device except the one that the event announces.
 * </ol>
 */
final class Redrive implements RedriveContainer.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);

    /** Limits the events in memory and the records of one publication. */
    private static final int BATCH = 100;

    private static final int MAX_PENDING = 1_000_000;
    private static final int MAX_DUE = 100_000;
    private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofHours(1);

    private final KafkaConnection kafka;
    private final DeviceRegistry registry;
    private final Clock clock;
    private final KeptEventReader reader;
    private final KeptEventDelivery deliveries;
    private final PendingWallets pending;
    private final Set<Integer> owned = new HashSet<>();
    private final DueWallets due = new DueWallets(MAX_DUE);
    private final RedriveContainer container;
    private Instant expiredCheckedAt;

    Redrive(
            KafkaConnection kafka,
            RecordCodec codec,
            DeviceRegistry registry,
            Router router,
            EventPublisher publisher,
            DeadLetterSink deadLetters,
            Clock clock) {
        this(kafka, codec, registry, router, publisher, deadLetters, clock, MAX_PENDING);
    }

    Redrive(
            KafkaConnection kafka,
            RecordCodec codec,
            DeviceRegistry registry,
            Router router,
            EventPublisher publisher,
            DeadLetterSink deadLetters,
            Clock clock,
            int maxPending) {
        this.pending = new PendingWallets(maxPending);
        this.kafka = kafka;
        this.registry = registry;
        this.clock = clock;
        this.expiredCheckedAt = clock.instant();
        this.reader = new KeptEventReader(kafka);
        this.deliveries = new KeptEventDelivery(reader, codec, router, publisher, deadLetters, clock);
        this.container = new RedriveContainer(kafka, this);
    }

    /** Starts. The registry must have caught up, so that the devices of all wallets are known. */
    void start() {
        registry.onRegistration(device -> due.add(device.walletId()));
        container.start();
    }

    /** Why kept events can no longer be delivered, human-readable; empty when healthy. */
    Optional<String> failure() {
        return container.failure();
    }

    @Override
    public void close() {
        container.close();
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions, Consumer<?, ?> consumer) {
        partitions.forEach(partition -> {
            pending.forget(partition.partition());
            owned.add(partition.partition());
        });
        consumer.seekToBeginning(partitions);
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            owned.remove(partition.partition());
            pending.forget(partition.partition());
        });
    }

    @Override
    public void polled(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer) {
        records.forEach(this::index);
        for (var wallet : due.take().orElseGet(this::allWithDevices)) {
            if (hasReadAll(consumer, wallet)) {
                deliver(wallet);
            } else {
                due.add(wallet);
            }
        }
        removeExpired(consumer);
    }

    private Set<String> allWithDevices() {
        return owned.stream()
                .flatMap(partition -> pending.wallets(partition).stream())
                .filter(wallet -> !registry.devicesOf(wallet).isEmpty())
                .collect(Collectors.toSet());
    }

    /** Removes expired events, and reads incomplete partitions again. */
    private void removeExpired(Consumer<?, ?> consumer) {
        if (clock.instant().isAfter(expiredCheckedAt.plus(EXPIRY_CHECK_INTERVAL))) {
            expiredCheckedAt = clock.instant();
            reader.earliest(owned).forEach(pending::removeBefore);
        }
        for (int partition : pending.partitionsToReload()) {
            pending.forget(partition);
            consumer.seekToBeginning(List.of(new TopicPartition(Topics.WALLET_UNROUTED.name(), partition)));
        }
    }

    /** A later marker may show that the event is already delivered. */
    private boolean hasReadAll(Consumer<?, ?> consumer, String walletId) {
        int partition = DevicePartition.of(walletId, kafka.partitions());
        return !owned.contains(partition)
                || consumer.currentLag(new TopicPartition(Topics.WALLET_UNROUTED.name(), partition))
                                .orElse(1)
                        == 0;
    }

    private void index(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            log.atError()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("kept event without wallet id ignored");
            return;
        }
        if (record.value() == null) {
            KeptEventReader.deliveredOffset(record)
                    .ifPresent(offset -> pending.remove(record.partition(), record.key(), offset));
            return;
        }
        pending.add(record.partition(), record.key(), record.offset());
        // The device may have registered between the routing of this event and now.
        if (!registry.devicesOf(record.key()).isEmpty()) {
            due.add(record.key());
        }
    }

    /** Delivers the kept events of this wallet, if its partition is assigned to this node. */
    private void deliver(String walletId) {
        int partition = DevicePartition.of(walletId, kafka.partitions());
        var offsets = owned.contains(partition) ? offsets(partition, walletId) : List.<Long>of();
        for (int from = 0; from < offsets.size(); from += BATCH) {
            var batch = offsets.subList(from, Math.min(from + BATCH, offsets.size()));
            if (deliver(walletId, partition, batch) instanceof PublishOutcome.Unavailable(var cause)) {
                log.atWarn()
                        .addKeyValue("walletId", walletId)
                        .addKeyValue("reason", cause)
                        .log("delivering kept events failed, will retry");
                due.add(walletId);
                return;
            }
        }
    }

    private List<Long> offsets(int partition, String walletId) {
        return pending.isIncomplete(partition) ? reader.find(partition, walletId) : pending.of(partition, walletId);
    }

    private PublishOutcome deliver(String walletId, int partition, List<Long> offsets) {
        var delivered = deliveries.deliver(walletId, partition, offsets);
        if (delivered.outcome() instanceof PublishOutcome.Acknowledged) {
            // Expired events included.
            offsets.stream()
                    .filter(offset -> !delivered.waiting().contains(offset))
                    .forEach(offset -> pending.remove(partition, walletId, offset));
        }
        return delivered.outcome();
    }
}
