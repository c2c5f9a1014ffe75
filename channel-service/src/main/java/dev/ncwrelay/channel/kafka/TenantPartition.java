package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.Commit;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.channel.forward.DeviceRounds;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Function<List<ConsumerRecord<String, byte[]>>, List<TenantMessage>> messages;
    private final TenantTarget target;
    private final RecordSource log;
    private final Clock clock;
    private final HeldPartitions held;
    private final ReentrantLock lock = new ReentrantLock();

    /** Offsets of records that a call has sent before it failed. */
    private final Set<Long> done = new HashSet<>();

    /** What was sent of what is held, by its offset: until all before is, that part is read again. */
    private final Map<Long, TopicPartition> forwarded = new HashMap<>();

    /** All before it was read. */
    private long position;

    private boolean closed;

    /**
     * Creates it.
     *
     * @param messages those of the records whose tenant has a topic
     */
    TenantPartition(
            int partition,
            Offsets offsets,
            Function<List<ConsumerRecord<String, byte[]>>, List<TenantMessage>> messages,
            TenantTarget target,
            RecordSource log,
            Clock clock) {
        this.partition = partition;
        this.messages = messages;
        this.target = target;
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
            var due =
                    messages
                            .apply(records.stream()
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
        target.open();
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
        var part = log.read(partition, from, position, device -> target.mayReceive(due.keySet(), device));
        var waiting = messages.apply(part.records()).stream()
                .filter(message -> message.offset() >= due.getOrDefault(message.target(), Long.MAX_VALUE))
                .filter(message -> !message.target().equals(forwarded.get(message.offset())))
                .toList();
        var refused = sendAll(waiting, message -> forwarded.put(message.offset(), message.target()));
        hold(refused);
        // A log that has lost records ends earlier.
        long upTo = part.upTo() > from ? part.upTo() : position;
        due.forEach((tried, next) -> {
            // Of the others nothing was in this part.
            if (!refused.containsKey(tried) && next < upTo) {
                held.forwarded(tried, upTo);
            }
        });
        // Before what waits now, nothing is read for a partition again.
        forwarded.entrySet().removeIf(sent -> !held.covers(sent.getValue(), sent.getKey()));
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
            target.send(open, sent)
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
}
