package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.Commit;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The wake-ups of one partition.
 *
 * <ol>
 *   <li>Every event that a token awaits is known, or between the first offset {@link #toCommit} and the end of the partition.
 *   <li>Messages of a device are taken again only after the outcome of those before is known.
 *   <li>Three threads: the consumer's reads, another catches up, a third one sends. None sends with the lock held.
 * </ol>
 */
final class PartitionWakes implements AssignedPartition {

    private final DeviceTokens tokens;
    private final EventSource log;
    private final Function<ConsumerRecord<String, byte[]>, Optional<ReadEvent>> decoder;
    private final WakeSettings settings;
    private final Clock clock;
    private final int partition;
    private final WakeTable table;
    private final ReentrantLock lock = new ReentrantLock();
    private final TokenChanges changes;
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
        this.changes = new TokenChanges(tokens, states, new Begin());
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
    public Commit toCommit(long next) {
        lock.lock();
        try {
            long needed = table.lowest(clock.instant(), scan.neededFrom(next));
            long number = scan.committing(needed);
            return new Commit(new Offsets(needed, next), () -> committed(number));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(ChannelKey key) {
        changes.changed(key);
    }

    @Override
    public boolean catchUp() {
        boolean isCurrent = tokens.isCurrent();
        boolean moreChanges = changes.reconcile();
        Optional<EventScan.Range> range;
        lock.lock();
        try {
            if (isCurrent && !moreChanges) {
                scan.reconciled();
            }
            range = closed ? Optional.empty() : scan.next();
        } finally {
            lock.unlock();
        }
        boolean moreEvents = range.isPresent() && readAgain(range.get());
        return moreEvents || moreChanges;
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
        lock.lock();
        try {
            for (var sent : round) {
                if (sent.outcome() instanceof PushOutcome.TokenGone(var reason)) {
                    changes.gone(sent.wakeUp().subscription(), reason, unserved(sent.wakeUp()));
                }
            }
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

    /** Since when messages are due, with those that are being sent; empty when none are. */
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

    /** The first offset that was to wake a token, or may be, as it is being read again. */
    private long unserved(WakeUp wakeUp) {
        long lowest = table.lowest(wakeUp.subscription(), wakeUp.newest().offset());
        return scan.next().map(range -> Math.min(range.begin(), lowest)).orElse(lowest);
    }

    private void committed(long number) {
        lock.lock();
        try {
            scan.committed(number);
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

    /** What was read before a subscription was seen is read again. */
    private final class Begin implements TokenChanges.Begin {

        @Override
        public void begun(Subscription subscription, boolean isKnown) {
            lock.lock();
            try {
                scan.again(subscription, isKnown);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean isCommitted(Subscription subscription) {
            lock.lock();
            try {
                return scan.isCommitted(subscription);
            } finally {
                lock.unlock();
            }
        }
    }
}
