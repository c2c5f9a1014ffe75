package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.forward.DeviceRounds;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Forwards the events of one partition to the topics of tenants.
 *
 * <ol>
 *   <li>When {@link #read} returns, every event is acknowledged by all in-sync replicas, or is a dead letter, or its tenant has
 *       no topic.
 *   <li>The next event of a device is sent only then, so that what is sent again overtakes nothing.
 *   <li>What a call has sent before it failed is not sent again by the next one.
 * </ol>
 */
final class TenantPartition implements AssignedPartition {

    /** Longest time for one call: much shorter than the consumer may take between two polls. The next call goes on. */
    private static final Duration MAX_TIME = Duration.ofSeconds(60);

    private final int partition;
    private final int generation;
    private final EventDecoder decoder;
    private final Registrations registrations;
    private final TenantSender sender;
    private final ReentrantLock lock = new ReentrantLock();

    /** Offsets of records that a call has sent before it failed. */
    private final Set<Long> done = new HashSet<>();

    private boolean closed;

    /**
     * Creates it.
     *
     * @param generation of the events topic, for the cursors
     */
    TenantPartition(
            int partition, int generation, EventDecoder decoder, Registrations registrations, TenantSender sender) {
        this.partition = partition;
        this.generation = generation;
        this.decoder = decoder;
        this.registrations = registrations;
        this.sender = sender;
    }

    @Override
    public void read(List<ConsumerRecord<String, byte[]>> records) {
        lock.lock();
        try {
            if (closed) {
                // Returning would let the consumer commit them.
                throw new IllegalStateException("partition " + partition + " is no longer assigned");
            }
            var events = records.stream()
                    .filter(record -> !done.contains(record.offset()))
                    .flatMap(record -> decoder.decode(record).map(event -> new Source(record, event)).stream())
                    .toList();
            // A device may have been registered, or have moved to another tenant, just before.
            if (!events.stream().allMatch(source -> owner(source.event()).isUndisputed(source.event()))) {
                registrations.awaitLatest(partition);
            }
            var due =
                    events.stream().flatMap(source -> message(source).stream()).toList();
            sendAll(new DeviceRounds<>(due, TenantMessage::deviceId));
            // Those after them remain: a poll may bring fewer records than the one before.
            done.removeIf(offset -> offset <= records.getLast().offset());
        } finally {
            lock.unlock();
        }
    }

    private void sendAll(DeviceRounds<String, TenantMessage> rounds) {
        long deadline = System.nanoTime() + MAX_TIME.toNanos();
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ChannelUnavailableException(
                        "Kafka for clients is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            sender.send(round, message -> done.add(message.offset()));
        }
    }

    /** The message of an event; empty when its tenant has no topic. */
    private Optional<TenantMessage> message(Source source) {
        var event = source.event();
        var owner = owner(event);
        var cursor = new Cursor(generation, owner.epoch(), partition, event.offset());
        return sender.topics()
                .of(owner.tenant())
                .map(topic -> new TenantMessage(source.record(), event, cursor, topic));
    }

    private EventOwner owner(ReadEvent event) {
        return EventOwner.of(event, registrations.device(event.deviceId()));
    }

    private record Source(ConsumerRecord<String, byte[]> record, ReadEvent event) {}

    /** Events go by the registrations at the time. */
    @Override
    public void changed(ChannelKey key) {}

    /** The topics exist before the first event. */
    @Override
    public boolean catchUp() {
        sender.topics().open();
        return false;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
