package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
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

    private final KeyValueStore<Bytes, byte[]> store;
    private final MailboxBounds bounds;
    private final CleanupSchedule cleanups;

    Mailbox(KeyValueStore<Bytes, byte[]> store, MailboxBounds bounds) {
        this.store = store;
        this.bounds = bounds;
        this.cleanups = new CleanupSchedule(store, bounds);
    }

    /**
     * Takes an event, unless it was taken before or the device has had its id lately.
     *
     * @param now in epoch milliseconds
     */
    void add(String deviceId, String eventId, StoredEvent event, long now) {
        var header = header(deviceId);
        if (event.offset() <= header.last()) {
            return;
        }
        if (isRepeated(deviceId, eventId, event)) {
            put(deviceId, header.taken(event.offset(), 0, 0));
            return;
        }
        store.put(StoreKeys.event(deviceId, event.offset()), event.write());
        store.put(
                StoreKeys.id(deviceId, eventId),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(event.offset())
                        .putLong(event.writtenAt())
                        .array());
        cleanups.schedule(
                event.writtenAt() + bounds.retention().toMillis(), CleanupTask.EXPIRE, deviceId, event.offset());
        var full = header.taken(event.offset(), 1, event.size());
        var trimmed = trimmed(deviceId, full);
        if (trimmed.trimmedUpTo() > full.trimmedUpTo()) {
            cleanups.schedule(now + CleanupSchedule.BUCKET, CleanupTask.REMOVE, deviceId, trimmed.trimmedUpTo());
        }
        put(deviceId, trimmed);
    }

    /** Takes an acknowledgement, written at {@code writtenAt} as the record {@code at}. */
    void acknowledge(String deviceId, String consumer, AckPosition written, long at, long writtenAt) {
        var before = DeviceAckState.parse(store.get(StoreKeys.acknowledged(deviceId)));
        put(deviceId, before, before.merge(consumer, written, at), writtenAt);
    }

    /** Forgets a consumer as it was up to the record {@code upTo}, so that nothing waits for it any longer. */
    void removeConsumer(String deviceId, String consumer, long upTo, long writtenAt) {
        var before = DeviceAckState.parse(store.get(StoreKeys.acknowledged(deviceId)));
        put(deviceId, before, before.without(consumer, upTo), writtenAt);
    }

    private void put(String deviceId, DeviceAckState before, DeviceAckState after, long writtenAt) {
        if (after.equals(before)) {
            return;
        }
        if (after.ackedUpTo() > before.ackedUpTo()) {
            cleanups.schedule(writtenAt + bounds.replay().toMillis(), CleanupTask.RELEASE, deviceId, after.ackedUpTo());
        }
        store.put(StoreKeys.acknowledged(deviceId), after.write());
    }

    /**
     * Takes what an event said of a transaction, unless it knows a later state.
     *
     * @param ownedFrom first offset of the device's present ownership; a state of a former one counts for nothing
     */
    void update(String deviceId, String transactionId, StoredTransaction update, long ownedFrom) {
        var key = StoreKeys.transaction(deviceId, transactionId);
        var known = Optional.ofNullable(store.get(key))
                .map(StoredTransaction::parse)
                .filter(before -> before.event().offset() >= ownedFrom);
        if (known.isEmpty() || update.isLaterThan(known.get())) {
            cleanups.schedule(
                    update.event().writtenAt() + bounds.transactions().toMillis(), CleanupTask.FORGET, deviceId, 0);
            store.put(key, update.write());
        }
    }

    /** All of the partition up to here has been taken, and nothing up to {@code lost} ever will be. */
    void saveProgress(MailboxProgress progress) {
        store.put(StoreKeys.PROGRESS, progress.write());
    }

    /** What the store says of itself; empty when it never was written. */
    Optional<MailboxProgress> progress() {
        return Optional.ofNullable(store.get(StoreKeys.PROGRESS)).map(MailboxProgress::parse);
    }

    /**
     * Does some of what is due.
     *
     * @param steps how much, in stored entries looked at
     * @return false when there may be more
     */
    boolean runCleanups(long now, int steps) {
        return cleanups.runDue(now, steps);
    }

    private MailboxHeader trimmed(String deviceId, MailboxHeader header) {
        var left = header;
        if (fits(left) || left.events() == 1) {
            return left;
        }
        try (var events = cleanups.events(deviceId, header.goneUpTo() + 1, header.last() - 1)) {
            while (events.hasNext() && !fits(left)) {
                var next = events.next();
                left = left.without(StoredEvent.parse(next.key, next.value), true);
            }
        }
        return left;
    }

    private boolean fits(MailboxHeader header) {
        return header.events() <= bounds.maxEvents() && header.bytes() <= bounds.maxBytes();
    }

    private boolean isRepeated(String deviceId, String eventId, StoredEvent event) {
        var known = store.get(StoreKeys.id(deviceId, eventId));
        if (known == null) {
            return false;
        }
        var first = ByteBuffer.wrap(known);
        return first.getLong() != event.offset()
                && event.writtenAt() - first.getLong() <= bounds.dedupe().toMillis();
    }

    private MailboxHeader header(String deviceId) {
        return MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
    }

    private void put(String deviceId, MailboxHeader header) {
        store.put(StoreKeys.header(deviceId), header.write());
    }
}
