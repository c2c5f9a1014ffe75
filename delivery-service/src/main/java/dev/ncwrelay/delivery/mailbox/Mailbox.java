package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.position.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The events of one partition's devices, and how they change. Written by one thread.
 *
 * <ol>
 *   <li>Every change is idempotent and monotone: to apply a part of the log again, once or twice, changes nothing.
 *   <li>The log of the store may end after any single write: what is visible then is the state before a change or after
 *       it, and applying the change again completes it. For this the header is written last, and bytes are removed only
 *       some time after the header that let go of them.
 * </ol>
 */
final class Mailbox {

    /** Chores are put off to the end of such a bucket, so that a device has few. */
    private static final long BUCKET = Duration.ofMinutes(10).toMillis();

    private final KeyValueStore<Bytes, byte[]> store;
    private final MailboxBounds bounds;

    Mailbox(KeyValueStore<Bytes, byte[]> store, MailboxBounds bounds) {
        this.store = store;
        this.bounds = bounds;
    }

    /**
     * Takes an event, unless it was taken before or the device has had its id lately.
     *
     * @param now in epoch milliseconds
     */
    void take(String deviceId, String eventId, StoredEvent event, long now) {
        var header = header(deviceId);
        if (event.offset() <= header.last()) {
            return;
        }
        if (isRepeated(deviceId, eventId, event)) {
            put(deviceId, header.taken(event.offset(), 0, 0));
            return;
        }
        store.put(Keys.event(deviceId, event.offset()), event.write());
        store.put(
                Keys.id(deviceId, eventId),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(event.offset())
                        .putLong(event.writtenAt())
                        .array());
        schedule(event.writtenAt() + bounds.retention().toMillis(), Chore.EXPIRE, deviceId, event.offset());
        var full = header.taken(event.offset(), 1, event.size());
        var trimmed = trimmed(deviceId, full);
        if (trimmed.trimmedUpTo() > full.trimmedUpTo()) {
            schedule(now + BUCKET, Chore.REMOVE, deviceId, trimmed.trimmedUpTo());
        }
        put(deviceId, trimmed);
    }

    /** Takes an acknowledgement, written at {@code writtenAt}. */
    void acknowledge(String deviceId, String consumer, Position written, long writtenAt) {
        var key = Keys.acknowledged(deviceId);
        var before = Acknowledged.parse(store.get(key));
        var after = before.merge(consumer, written);
        if (after.equals(before)) {
            return;
        }
        if (after.doneUpTo() > before.doneUpTo()) {
            schedule(writtenAt + bounds.replay().toMillis(), Chore.RELEASE, deviceId, after.doneUpTo());
        }
        store.put(key, after.write());
    }

    /** Takes what an event said of a transaction, unless it knows a later word. */
    void update(String deviceId, String transactionId, StoredTransaction update) {
        var key = Keys.transaction(deviceId, transactionId);
        var known = store.get(key);
        if (known == null || update.isLaterThan(StoredTransaction.parse(known))) {
            schedule(update.event().writtenAt() + bounds.transactions().toMillis(), Chore.FORGET, deviceId, 0);
            store.put(key, update.write());
        }
    }

    /** All of the partition up to here has been taken, and nothing up to {@code lost} ever will be. */
    void reached(Progress progress) {
        store.put(Keys.PROGRESS, progress.write());
    }

    Progress progress() {
        return Progress.parse(store.get(Keys.PROGRESS));
    }

    /**
     * Does what is due, at most so many chores.
     *
     * @return false when there may be more
     */
    boolean tidy(long now, int chores) {
        int done = 0;
        try (var due = store.range(Keys.firstDue(), Keys.dueUpTo(now))) {
            while (due.hasNext()) {
                if (done == chores) {
                    return false;
                }
                var next = due.next();
                work(Keys.parseDue(next.key), ByteBuffer.wrap(next.value).getLong(), now);
                store.delete(next.key);
                done++;
            }
        }
        return true;
    }

    private void work(Due due, long upTo, long now) {
        switch (due.chore()) {
            case EXPIRE, RELEASE -> letGo(due.deviceId(), upTo, now);
            case REMOVE -> remove(due.deviceId(), now);
            case FORGET -> forget(due.deviceId(), now);
        }
    }

    private void letGo(String deviceId, long upTo, long now) {
        var header = header(deviceId);
        long end = Math.min(upTo, header.last());
        if (end <= header.goneUpTo()) {
            return;
        }
        var left = header;
        try (var events = events(deviceId, header.goneUpTo() + 1, end)) {
            while (events.hasNext()) {
                var next = events.next();
                left = left.without(StoredEvent.parse(next.key, next.value), false);
            }
        }
        if (!left.equals(header)) {
            schedule(now + BUCKET, Chore.REMOVE, deviceId, left.goneUpTo());
            put(deviceId, left);
        }
    }

    private void remove(String deviceId, long now) {
        long gone = header(deviceId).goneUpTo();
        if (gone >= 0) {
            try (var events = events(deviceId, 0, gone)) {
                while (events.hasNext()) {
                    store.delete(events.next().key);
                }
            }
        }
        long forgotten = now - bounds.dedupe().toMillis() - BUCKET;
        var ids = Keys.firstId(deviceId);
        try (var known = store.range(ids, Keys.end(ids))) {
            while (known.hasNext()) {
                var next = known.next();
                if (ByteBuffer.wrap(next.value).getLong(Long.BYTES) < forgotten) {
                    store.delete(next.key);
                }
            }
        }
    }

    private void forget(String deviceId, long now) {
        var first = Keys.firstTransaction(deviceId);
        try (var transactions = store.range(first, Keys.end(first))) {
            while (transactions.hasNext()) {
                var next = transactions.next();
                if (StoredTransaction.parse(next.value).event().writtenAt()
                                + bounds.transactions().toMillis()
                        <= now) {
                    store.delete(next.key);
                }
            }
        }
    }

    private Header trimmed(String deviceId, Header header) {
        var left = header;
        if (fits(left) || left.events() == 1) {
            return left;
        }
        try (var events = events(deviceId, header.goneUpTo() + 1, header.last() - 1)) {
            while (events.hasNext() && !fits(left)) {
                var next = events.next();
                left = left.without(StoredEvent.parse(next.key, next.value), true);
            }
        }
        return left;
    }

    private boolean fits(Header header) {
        return header.events() <= bounds.maxEvents() && header.bytes() <= bounds.maxBytes();
    }

    private boolean isRepeated(String deviceId, String eventId, StoredEvent event) {
        var known = store.get(Keys.id(deviceId, eventId));
        if (known == null) {
            return false;
        }
        var first = ByteBuffer.wrap(known);
        return first.getLong() != event.offset()
                && event.writtenAt() - first.getLong() <= bounds.dedupe().toMillis();
    }

    /** Those from one offset to another, which must not be before it. */
    private KeyValueIterator<Bytes, byte[]> events(String deviceId, long from, long upTo) {
        return store.range(Keys.event(deviceId, from), Keys.event(deviceId, upTo));
    }

    /** Within a bucket the highest offset wins. */
    private void schedule(long at, Chore chore, String deviceId, long upTo) {
        var key = Keys.due((at / BUCKET + 1) * BUCKET, chore, deviceId);
        var before = store.get(key);
        if (before == null || ByteBuffer.wrap(before).getLong() < upTo) {
            store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(upTo).array());
        }
    }

    private Header header(String deviceId) {
        return Header.parse(store.get(Keys.header(deviceId)));
    }

    private void put(String deviceId, Header header) {
        store.put(Keys.header(deviceId), header.write());
    }
}
