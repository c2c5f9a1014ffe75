package dev.ncwrelay.delivery.messages.mailbox;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Deferred cleanups of devices' mailboxes, run in bounded slices: each examines a number of stored entries and resumes
 * where the previous one stopped, also within one device.
 */
final class CleanupSchedule {

    /** Milliseconds. Tasks are due at the end of a bucket, so that a device has few of them. */
    static final long BUCKET = Duration.ofMinutes(10).toMillis();

    /** Cost of a task in addition to the entries it examines. */
    private static final int OVERHEAD = 5;

    private final KeyValueStore<Bytes, byte[]> store;
    private final MailboxBounds bounds;

    /**
     * No task is stored before this key: without it, each slice would iterate over all tombstones of earlier slices.
     */
    private Bytes firstDueKey = StoreKeys.firstDue();

    /** The remaining steps of a slice. */
    private static final class Allowance {

        private int steps;

        private Allowance(int steps) {
            this.steps = steps;
        }

        private boolean isUsedUp() {
            return steps <= 0;
        }
    }

    CleanupSchedule(KeyValueStore<Bytes, byte[]> store, MailboxBounds bounds) {
        this.store = store;
        this.bounds = bounds;
    }

    /** Schedules a task; of several in one bucket the highest offset applies. */
    void schedule(long at, CleanupTask task, String deviceId, long upTo) {
        var key = StoreKeys.due((at / BUCKET + 1) * BUCKET, task, deviceId);
        var before = store.get(key);
        if (before == null || RemainingCleanup.parse(before).upTo() < upTo) {
            store.put(key, RemainingCleanup.all(upTo).write());
            firstDueKey = key.compareTo(firstDueKey) < 0 ? key : firstDueKey;
        }
    }

    /** Runs due tasks, up to about this many steps; false when there may be more. */
    boolean runDue(long now, int steps) {
        var allowance = new Allowance(steps);
        var end = StoreKeys.dueUpTo(now);
        if (firstDueKey.compareTo(end) > 0) {
            return true;
        }
        try (var due = store.range(firstDueKey, end)) {
            while (due.hasNext()) {
                var next = due.next();
                firstDueKey = next.key;
                if (allowance.isUsedUp()) {
                    return false;
                }
                var remaining = run(StoreKeys.parseDue(next.key), RemainingCleanup.parse(next.value), now, allowance);
                allowance.steps -= OVERHEAD;
                if (remaining.isPresent()) {
                    store.put(next.key, remaining.get().write());
                    return false;
                }
                store.delete(next.key);
            }
        }
        firstDueKey = end;
        return true;
    }

    /**
     * The stored events from one offset to another, both inclusive; {@code upTo} must not be less than {@code from}.
     */
    KeyValueIterator<Bytes, byte[]> events(String deviceId, long from, long upTo) {
        return store.range(StoreKeys.event(deviceId, from), StoreKeys.event(deviceId, upTo));
    }

    /** Runs a task and returns what remains of it; empty when it is done. */
    private Optional<RemainingCleanup> run(DueCleanup due, RemainingCleanup remaining, long now, Allowance allowance) {
        return switch (due.task()) {
            case EXPIRE, REMOVE_ACKNOWLEDGED -> remove(due.deviceId(), remaining, now, allowance);
            case DELETE_REMOVED -> deleteEvents(due.deviceId(), remaining, now, allowance);
            case DELETE_TRANSACTIONS -> deleteTransactions(due.deviceId(), remaining, now, allowance);
        };
    }

    private Optional<RemainingCleanup> remove(
            String deviceId, RemainingCleanup remaining, long now, Allowance allowance) {
        var header = MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
        long end = Math.min(remaining.upTo(), header.last());
        if (end <= header.removedUpTo()) {
            return Optional.empty();
        }
        var left = header;
        boolean isDone = true;
        try (var events = events(deviceId, header.removedUpTo() + 1, end)) {
            while (events.hasNext() && isDone) {
                isDone = !allowance.isUsedUp();
                if (isDone) {
                    allowance.steps--;
                    var next = events.next();
                    left = left.without(StoredEvent.parse(next.key, next.value), false);
                }
            }
        }
        if (!left.equals(header)) {
            schedule(now + BUCKET, CleanupTask.DELETE_REMOVED, deviceId, left.removedUpTo());
            store.put(StoreKeys.header(deviceId), left.write());
        }
        return isDone ? Optional.empty() : Optional.of(remaining);
    }

    /** Deletes removed events, then ids that neither name a stored event nor are needed for deduplication. */
    private Optional<RemainingCleanup> deleteEvents(
            String deviceId, RemainingCleanup remaining, long now, Allowance allowance) {
        long removedUpTo =
                MailboxHeader.parse(store.get(StoreKeys.header(deviceId))).removedUpTo();
        if (removedUpTo >= 0 && !remaining.isStarted()) {
            try (var events = events(deviceId, 0, removedUpTo)) {
                while (events.hasNext()) {
                    if (allowance.isUsedUp()) {
                        return Optional.of(remaining);
                    }
                    allowance.steps--;
                    store.delete(events.next().key);
                }
            }
        }
        long dedupeStart = now - bounds.dedupe().toMillis() - BUCKET;
        var ids = StoreKeys.firstId(deviceId);
        try (var known = store.range(remaining.from(ids), StoreKeys.end(ids))) {
            while (known.hasNext()) {
                var next = known.next();
                if (allowance.isUsedUp()) {
                    return Optional.of(remaining.at(next.key));
                }
                allowance.steps--;
                var id = StoredEventId.parse(next.value);
                if (id.offset() <= removedUpTo && id.writtenAt() < dedupeStart) {
                    store.delete(next.key);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<RemainingCleanup> deleteTransactions(
            String deviceId, RemainingCleanup remaining, long now, Allowance allowance) {
        var beginning = StoreKeys.firstTransaction(deviceId);
        try (var transactions = store.range(remaining.from(beginning), StoreKeys.end(beginning))) {
            while (transactions.hasNext()) {
                var next = transactions.next();
                if (allowance.isUsedUp()) {
                    return Optional.of(remaining.at(next.key));
                }
                allowance.steps--;
                if (StoredTransaction.parse(next.value).event().writtenAt()
                                + bounds.transactions().toMillis()
                        <= now) {
                    store.delete(next.key);
                }
            }
        }
        return Optional.empty();
    }
}
