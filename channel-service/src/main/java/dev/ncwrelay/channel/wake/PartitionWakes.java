package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.subscription.Subscription;
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

    private final EventScan scan;
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
        this.scan = new EventScan(offsets, clock);
    }

    @Override
    public void read(List<ConsumerRecord<String, byte[]>> records) {
        // Before the look at the subscriptions: for one that is seen during it these records are read again.
        reading(records.getLast().offset() + 1);
        var events = new ArrayList<ReadEvent>();
        for (var record : records) {
            if (record.key() != null && tokens.isSubscribed(record.key())) {
                decoder.apply(record).ifPresent(events::add);
            }
        }
        lock.lock();
        try {
            failIfClosed();
            add(events);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long neededFrom(long next) {
        lock.lock();
        try {
            return table.lowest(clock.instant(), scan.neededFrom(next));
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
        Optional<EventScan.Range> range;
        lock.lock();
        try {
            if (isCurrent) {
                scan.reconciled();
            }
            range = closed ? Optional.empty() : scan.next();
        } finally {
            lock.unlock();
        }
        return range.isPresent() && readAgain(range.get());
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

    private void reading(long next) {
        lock.lock();
        try {
            failIfClosed();
            scan.reading(next);
        } finally {
            lock.unlock();
        }
    }

    private void failIfClosed() {
        if (closed) {
            // Returning would let the consumer commit what it has read.
            throw new IllegalStateException("partition " + partition + " is no longer assigned");
        }
    }

    /** Returns whether there is more. */
    private boolean readAgain(EventScan.Range range) {
        var part = log.read(partition, range.begin(), range.end(), tokens::isSubscribed);
        lock.lock();
        try {
            add(part.events());
            scan.done(range, part);
            return scan.next().isPresent();
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
            begun(subscription);
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
    private void begun(Subscription subscription) {
        lock.lock();
        try {
            scan.again(subscription.eventsFrom());
        } finally {
            lock.unlock();
        }
    }
}
