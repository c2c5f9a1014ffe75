package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is to be done for devices later, and how it is done: in slices, each of which looks at so many stored entries
 * and goes on where the one before stopped, also within one device.
 */
final class CleanupSchedule {

    /** Chores are put off to the end of such a bucket, so that a device has few. */
    static final long BUCKET = Duration.ofMinutes(10).toMillis();

    /** What a chore costs beside the entries it looks at. */
    private static final int OVERHEAD = 5;

    private final KeyValueStore<Bytes, byte[]> store;
    private final MailboxBounds bounds;

    /** Nothing is due before this key: without it each slice would pass over all that earlier ones have deleted. */
    private Bytes firstDueKey = StoreKeys.firstDue();

    /** How much of a slice is left. */
    private static final class Allowance {

        private int steps;

        private Allowance(int steps) {
            this.steps = steps;
        }

        private boolean isUsedUp() {
            return steps <= 0;
        }
    }

    /**
     * A chore's value.
     *
     * @param upTo offset up to which it is to be done
     * @param next the key to go on with; empty at the beginning
     */
    private record Remaining(long upTo, Bytes next) {

        private static Remaining parse(byte[] value) {
            return new Remaining(
                    ByteBuffer.wrap(value).getLong(), Bytes.wrap(Arrays.copyOfRange(value, Long.BYTES, value.length)));
        }

        private byte[] write() {
            return ByteBuffer.allocate(Long.BYTES + next.get().length)
                    .putLong(upTo)
                    .put(next.get())
                    .array();
        }

        private Remaining at(Bytes key) {
            return new Remaining(upTo, key);
        }

        private boolean isStarted() {
            return next.get().length > 0;
        }

        private Bytes from(Bytes beginning) {
            return isStarted() ? next : beginning;
        }
    }

    CleanupSchedule(KeyValueStore<Bytes, byte[]> store, MailboxBounds bounds) {
        this.store = store;
        this.bounds = bounds;
    }

    /** Within a bucket the highest offset wins. */
    void schedule(long at, CleanupTask chore, String deviceId, long upTo) {
        var key = StoreKeys.due((at / BUCKET + 1) * BUCKET, chore, deviceId);
        var before = store.get(key);
        if (before == null || Remaining.parse(before).upTo() < upTo) {
            store.put(key, new Remaining(upTo, Bytes.wrap(new byte[0])).write());
            firstDueKey = key.compareTo(firstDueKey) < 0 ? key : firstDueKey;
        }
    }

    /** Does some of what is due; false when there may be more. */
    boolean runDue(long now, int steps) {
        var slice = new Allowance(steps);
        var end = StoreKeys.dueUpTo(now);
        if (firstDueKey.compareTo(end) > 0) {
            return true;
        }
        try (var due = store.range(firstDueKey, end)) {
            while (due.hasNext()) {
                var next = due.next();
                firstDueKey = next.key;
                if (slice.isUsedUp()) {
                    return false;
                }
                var rest = run(StoreKeys.parseDue(next.key), Remaining.parse(next.value), now, slice);
                slice.steps -= OVERHEAD;
                if (rest.isPresent()) {
                    store.put(next.key, rest.get().write());
                    return false;
                }
                store.delete(next.key);
            }
        }
        firstDueKey = end;
        return true;
    }

    /** Those from one offset to another, which must not be before it. */
    KeyValueIterator<Bytes, byte[]> events(String deviceId, long from, long upTo) {
        return store.range(StoreKeys.event(deviceId, from), StoreKeys.event(deviceId, upTo));
    }

    /** Does it, and says what is left of it. */
    private Optional<Remaining> run(DueCleanup due, Remaining rest, long now, Allowance slice) {
        return switch (due.chore()) {
            case EXPIRE, RELEASE -> hide(due.deviceId(), rest, now, slice);
            case REMOVE -> removeEvents(due.deviceId(), rest, now, slice);
            case FORGET -> removeTransactions(due.deviceId(), rest, now, slice);
        };
    }

    private Optional<Remaining> hide(String deviceId, Remaining rest, long now, Allowance slice) {
        var header = MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
        long end = Math.min(rest.upTo(), header.last());
        if (end <= header.goneUpTo()) {
            return Optional.empty();
        }
        var left = header;
        boolean isDone = true;
        try (var events = events(deviceId, header.goneUpTo() + 1, end)) {
            while (events.hasNext() && isDone) {
                isDone = !slice.isUsedUp();
                if (isDone) {
                    slice.steps--;
                    var next = events.next();
                    left = left.without(StoredEvent.parse(next.key, next.value), false);
                }
            }
        }
        if (!left.equals(header)) {
            schedule(now + BUCKET, CleanupTask.REMOVE, deviceId, left.goneUpTo());
            store.put(StoreKeys.header(deviceId), left.write());
        }
        return isDone ? Optional.empty() : Optional.of(rest);
    }

    /** Removes events that are gone, then ids that no longer name anything nor are needed against repetition. */
    private Optional<Remaining> removeEvents(String deviceId, Remaining rest, long now, Allowance slice) {
        long gone = MailboxHeader.parse(store.get(StoreKeys.header(deviceId))).goneUpTo();
        if (gone >= 0 && !rest.isStarted()) {
            try (var events = events(deviceId, 0, gone)) {
                while (events.hasNext()) {
                    if (slice.isUsedUp()) {
                        return Optional.of(rest);
                    }
                    slice.steps--;
                    store.delete(events.next().key);
                }
            }
        }
        long forgotten = now - bounds.dedupe().toMillis() - BUCKET;
        var ids = StoreKeys.firstId(deviceId);
        try (var known = store.range(rest.from(ids), StoreKeys.end(ids))) {
            while (known.hasNext()) {
                var next = known.next();
                if (slice.isUsedUp()) {
                    return Optional.of(rest.at(next.key));
                }
                slice.steps--;
                var id = ByteBuffer.wrap(next.value);
                if (id.getLong() <= gone && id.getLong() < forgotten) {
                    store.delete(next.key);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Remaining> removeTransactions(String deviceId, Remaining rest, long now, Allowance slice) {
        var beginning = StoreKeys.firstTransaction(deviceId);
        try (var transactions = store.range(rest.from(beginning), StoreKeys.end(beginning))) {
            while (transactions.hasNext()) {
                var next = transactions.next();
                if (slice.isUsedUp()) {
                    return Optional.of(rest.at(next.key));
                }
                slice.steps--;
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
