package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The wake-ups of one partition.
 *
 * <ol>
 *   <li>Every event that a token awaits is known, or between {@link #neededFrom} and the end of the partition.
 *   <li>Messages of a device are taken again only after the outcome of those before is known.
 *   <li>Three threads: the consumer's reads, another catches up, a third one sends. None sends with the lock held.
 * </ol>
 */
final class PartitionWakes implements AssignedPartition {

    private final DeviceTokens tokens;
    private final TokenStates states;
    private final EventSource log;
    private final Function<ConsumerRecord<String, byte[]>, Optional<ReadEvent>> decoder;
    private final WakeSettings settings;
    private final Clock clock;
    private final int partition;
    private final WakeTable table;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<ChannelKey> changed = new ConcurrentLinkedQueue<>();

    /** The subscriptions in force that were seen, by their ids. */
    private final Map<ChannelKey, String> inForce = new HashMap<>();

    /** Tokens that the service calls invalid, until their state is stored. */
    private final Map<ChannelKey, SentWakeUp> gone = new ConcurrentHashMap<>();

    private final ReadMarks marks;

    /** The first offset that this instance has to know of. */
    private final long from;

    private long position;

    /** Events from here up to {@code scanEnd} are read again. */
    private long scan;

    private long scanEnd;
    private boolean closed;

    PartitionWakes(
            int partition,
            Offsets offsets,
            DeviceTokens tokens,
            TokenStates states,
            EventSource log,
            Function<ConsumerRecord<String, byte[]>, Optional<ReadEvent>> decoder,
            WakeSettings settings,
            Clock clock) {
        this.partition = partition;
        this.tokens = tokens;
        this.states = states;
        this.log = log;
        this.decoder = decoder;
        this.settings = settings;
        this.clock = clock;
        this.table = new WakeTable(partition, settings, tokens::of);
        this.marks = new ReadMarks(offsets.from(), clock);
        this.from = offsets.from();
        this.position = offsets.next();
        this.scan = offsets.next();
        this.scanEnd = offsets.next();
    }

    @Override
    public void read(List<ConsumerRecord<String, byte[]>> records) {
        var events = new ArrayList<ReadEvent>();
        for (var record : records) {
            if (record.key() != null && tokens.isSubscribed(record.key())) {
                decoder.apply(record).ifPresent(events::add);
            }
        }
        read(events, records.getLast().offset() + 1);
    }

    /**
     * Takes the events that follow those of the last call.
     *
     * @param next the offset after them
     */
    void read(List<ReadEvent> events, long next) {
        lock.lock();
        try {
            if (closed) {
                // Returning would let the consumer commit them.
                throw new IllegalStateException("partition " + partition + " is no longer assigned");
            }
            add(events);
            position = Math.max(position, next);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long neededFrom(long next) {
        lock.lock();
        try {
            long scanned = scan < scanEnd ? scan : next;
            return table.lowest(clock.instant(), Math.min(scanned, Math.min(next, marks.safe())));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(ChannelKey key) {
        changed.add(key);
    }

    @Override
    public boolean catchUp() {
        boolean isCurrent = tokens.isCurrent();
        reconcileChanged();
        long begin;
        long end;
        lock.lock();
        try {
            if (isCurrent) {
                marks.reconciled(position);
            }
            if (closed || scan >= scanEnd) {
                return false;
            }
            begin = scan;
            end = scanEnd;
        } finally {
            lock.unlock();
        }
        var part = log.read(partition, begin, end, tokens::isSubscribed);
        lock.lock();
        try {
            add(part.events());
            // A log that has lost records ends earlier.
            scan = part.upTo() > begin ? part.upTo() : end;
            return scan < scanEnd;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the messages that are due; none once it is closed. */
    List<WakeUp> take(int limit) {
        lock.lock();
        try {
            return closed ? List.of() : table.take(clock.instant(), limit);
        } finally {
            lock.unlock();
        }
    }

    /** What became of the messages of one device that were taken. */
    void sent(String deviceId, List<SentWakeUp> round) {
        for (var sent : round) {
            if (sent.outcome() instanceof PushOutcome.TokenGone) {
                var key = sent.wakeUp().token().key();
                gone.put(key, sent);
                changed(key);
            }
        }
        lock.lock();
        try {
            table.sent(deviceId, round, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Devices that have something unacknowledged, as far as was looked up. */
    int pending() {
        lock.lock();
        try {
            return table.pending();
        } finally {
            lock.unlock();
        }
    }

    /** Since when messages are due; empty when none are. */
    Optional<Instant> dueSince() {
        lock.lock();
        try {
            return table.dueSince(clock.instant());
        } finally {
            lock.unlock();
        }
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

    private void add(List<ReadEvent> events) {
        var now = clock.instant();
        for (var read : events) {
            boolean isOwned =
                    tokens.of(read.deviceId()).stream().anyMatch(token -> read.concerns(token.subscription()));
            if (isOwned) {
                table.add(read.deviceId(), PendingEvent.of(read, settings.urgentEvents(), now), now);
            }
        }
    }

    /** Whatever fails is tried again with the next call. */
    private void reconcileChanged() {
        var writes = new HashMap<ChannelKey, CompletableFuture<?>>();
        for (var next = changed.poll(); next != null; next = changed.poll()) {
            // The change of a device concerns all its tokens.
            var keys = next.name().isEmpty() ? tokens.keys(next.deviceId()) : Set.of(next);
            keys.forEach(key -> reconcile(key).ifPresent(write -> writes.put(key, write)));
        }
        try {
            CompletableFuture.allOf(writes.values().toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            writes.forEach((key, write) -> {
                if (write.isCompletedExceptionally()) {
                    changed(key);
                }
            });
            throw new IllegalStateException("state not stored: " + e.getCause(), e);
        }
    }

    /** Returns the write of a state, if one is necessary. */
    private Optional<CompletableFuture<?>> reconcile(ChannelKey key) {
        var stored = states.state(key);
        var found = tokens.find(key);
        if (found.isEmpty()) {
            inForce.remove(key);
            gone.remove(key);
            return stored.map(_ -> states.remove(key));
        }
        var subscription = found.get();
        var current = stored.filter(state -> state.subscriptionId().equals(subscription.id()));
        if (current.filter(TokenStates.Stored::isBroken).isPresent()) {
            gone.remove(key);
            return Optional.empty();
        }
        if (!subscription.id().equals(inForce.put(key, subscription.id()))) {
            readAgain(Math.max(from, subscription.eventsFrom()));
        }
        var refusal = gone.get(key);
        if (refusal != null
                && refusal.wakeUp().token().id().equals(subscription.id())
                && refusal.outcome() instanceof PushOutcome.TokenGone(var reason)) {
            return Optional.of(states.broken(subscription, reason));
        }
        return current.isPresent() ? Optional.empty() : Optional.of(states.active(subscription));
    }

    /** What was read before the subscription was seen is read again. */
    private void readAgain(long offset) {
        lock.lock();
        try {
            scan = Math.min(scan < scanEnd ? scan : position, offset);
            scanEnd = position;
        } finally {
            lock.unlock();
        }
    }
}
