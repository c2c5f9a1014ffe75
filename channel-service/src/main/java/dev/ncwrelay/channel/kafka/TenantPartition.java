package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.Commit;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.channel.forward.DeviceRounds;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Forwards the events of one partition to the topics of tenants.
 *
 * <ol>
 *   <li>When {@link #read} returns, every event is acknowledged by all in-sync replicas, or is a dead letter, or its tenant has
 *       no topic, or it is held: the partition that it goes to accepts nothing, and it is read again from Kafka later.
 *   <li>The next event of a device is sent only after the one before, so that what is sent again overtakes nothing. An event is
 *       held when an earlier one for the same partition is.
 *   <li>What a call has sent before it failed is not sent again by the next one.
 *   <li>Two threads: the consumer's reads, another forwards what is held. They exclude each other.
 * </ol>
 */
final class TenantPartition implements AssignedPartition {

    /** Longest time for one call: much shorter than the consumer may take between two polls. The next call goes on. */
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final int partition;
    private final int generation;
    private final EventDecoder decoder;
    private final Registrations registrations;
    private final TenantSender sender;
    private final RecordSource log;
    private final Clock clock;
    private final HeldPartitions held;
    private final ReentrantLock lock = new ReentrantLock();

    /** Offsets of records that a call has sent before it failed. */
    private final Set<Long> done = new HashSet<>();

    /** All before it was read. */
    private long position;

    private boolean closed;

    /**
     * Creates it.
     *
     * @param generation of the events topic, for the cursors
     */
    TenantPartition(
            int partition,
            Offsets offsets,
            int generation,
            EventDecoder decoder,
            Registrations registrations,
            TenantSender sender,
            RecordSource log,
            Clock clock) {
        this.partition = partition;
        this.generation = generation;
        this.decoder = decoder;
        this.registrations = registrations;
        this.sender = sender;
        this.log = log;
        this.clock = clock;
        this.held = new HeldPartitions(offsets, clock);
        this.position = offsets.next();
    }

    @Override
    public void read(List<ConsumerRecord<String, byte[]>> records) {
        lock.lock();
        try {
            if (closed) {
                // Returning would let the consumer commit them.
                throw new IllegalStateException("partition " + partition + " is no longer assigned");
            }
            var due = messages(records.stream()
                            .filter(record -> !done.contains(record.offset()))
                            .toList())
                    .stream()
                    .filter(message -> !held.covers(message.target(), message.offset()))
                    .toList();
            hold(sendAll(due, message -> done.add(message.offset())));
            // Those after them remain: a poll may bring fewer records than the one before.
            long last = records.getLast().offset();
            done.removeIf(offset -> offset <= last);
            position = Math.max(position, last + 1);
        } finally {
            lock.unlock();
        }
    }

    /** The topics exist before the first event. */
    @Override
    public boolean catchUp() {
        sender.topics().open();
        lock.lock();
        try {
            return !closed && forwardHeld();
        } finally {
            lock.unlock();
        }
    }

    /** What waits here. */
    HeldPartitions held() {
        return held;
    }

    @Override
    public Commit toCommit(long next) {
        return new Commit(held.offsets(next));
    }

    /** Events go by the registrations at the time. */
    @Override
    public void changed(ChannelKey key) {}

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Forwards a part of what is held; returns whether there is more to be tried at once. */
    private boolean forwardHeld() {
        held.release(position);
        var due = held.due();
        if (due.isEmpty()) {
            return false;
        }
        long from = due.values().stream().mapToLong(Long::longValue).min().orElse(position);
        var part = log.read(partition, from, position, device -> sender.topics().mayReceive(due.keySet(), device));
        var waiting = messages(part.records()).stream()
                .filter(message -> message.offset() >= due.getOrDefault(message.target(), Long.MAX_VALUE))
                .toList();
        var refused = sendAll(waiting, _ -> {});
        hold(refused);
        // A log that has lost records ends earlier.
        long upTo = part.upTo() > from ? part.upTo() : position;
        due.keySet().stream()
                .filter(target -> !refused.containsKey(target))
                .forEach(target -> held.forwarded(target, upTo));
        held.release(position);
        return upTo < position;
    }

    /**
     * Sends all, and returns what is refused: by partition, the first event that was not sent.
     *
     * @param sent called with each that was
     */
    private Map<TopicPartition, Refused> sendAll(List<TenantMessage> due, Consumer<TenantMessage> sent) {
        var refused = new HashMap<TopicPartition, Refused>();
        var rounds = new DeviceRounds<>(due, TenantMessage::deviceId);
        var end = clock.instant().plus(MAX_TIME);
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (clock.instant().isAfter(end)) {
                throw new ChannelUnavailableException(
                        "Kafka for clients is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            var open = round.stream()
                    .filter(message -> !refused.containsKey(message.target()))
                    .toList();
            round.stream()
                    .filter(message -> refused.containsKey(message.target()))
                    .forEach(message ->
                            refused.computeIfPresent(message.target(), (_, known) -> known.before(message.offset())));
            sender.send(open, sent)
                    .forEach(each -> refused.merge(
                            each.message().target(),
                            new Refused(each.message().offset(), each.reason()),
                            (known, other) -> known.before(other.offset())));
        }
        return refused;
    }

    private void hold(Map<TopicPartition, Refused> refused) {
        refused.forEach((target, first) -> held.refused(target, first.offset(), first.reason()));
    }

    private record Refused(long offset, String reason) {

        Refused before(long other) {
            return new Refused(Math.min(offset, other), reason);
        }
    }

    /** Those of the records whose tenant has a topic. */
    private List<TenantMessage> messages(List<ConsumerRecord<String, byte[]>> records) {
        var events = records.stream()
                .flatMap(record -> decoder.decode(record).map(event -> new Source(record, event)).stream())
                .toList();
        // A device may have been registered, or have moved to another tenant, just before.
        if (!events.stream().allMatch(source -> owner(source.event()).isUndisputed(source.event()))) {
            registrations.awaitLatest(partition);
        }
        return events.stream().flatMap(source -> message(source).stream()).toList();
    }

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
}
