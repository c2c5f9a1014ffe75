package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The stored events of one partition's devices. Written by one thread.
 *
 * <ol>
 *   <li>Every change is idempotent and monotone: applying a part of the topics again changes nothing.
 *   <li>The store's changelog may end after any single write: what is visible then is the state before or after a
 *       change, and applying the change again completes it. For this the header is written last, and events are deleted
 *       only some time after the header that has removed them.
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
     * Adds an event, unless it was added before or the device had an event with its id within the deduplication time.
     *
     * @param now the current time, in epoch milliseconds
     */
    void add(String deviceId, String eventId, StoredEvent event, long now) {
        var header = header(deviceId);
        if (event.offset() <= header.last()) {
            return;
        }
        if (isRepeated(deviceId, eventId, event)) {
            put(deviceId, header.withRecord(event.offset(), 0, 0));
            return;
        }
        store.put(StoreKeys.event(deviceId, event.offset()), event.write());
        store.put(StoreKeys.id(deviceId, eventId), new StoredEventId(event.offset(), event.writtenAt()).write());
        cleanups.schedule(
                event.writtenAt() + bounds.retention().toMillis(), CleanupTask.EXPIRE, deviceId, event.offset());
        var full = header.withRecord(event.offset(), 1, event.size());
        var trimmed = trimmed(deviceId, full);
        if (trimmed.trimmedUpTo() > full.trimmedUpTo()) {
            cleanups.schedule(
                    now + CleanupSchedule.BUCKET, CleanupTask.DELETE_REMOVED, deviceId, trimmed.trimmedUpTo());
        }
        put(deviceId, trimmed);
    }

    /**
     * Applies an acknowledgement.
     *
     * @param offset of its record on {@code ncw.device.cursors}
     * @param writtenAt timestamp of its record, in epoch milliseconds
     */
    void acknowledge(String deviceId, String consumer, AckPosition written, long offset, long writtenAt) {
        var before = DeviceAckState.parse(store.get(StoreKeys.acknowledged(deviceId)));
        put(deviceId, before, before.merge(consumer, written, offset), writtenAt);
    }

    /** Removes a consumer as of the record at offset {@code upTo}, so that events are no longer kept for it. */
    void removeConsumer(String deviceId, String consumer, long upTo, long writtenAt) {
        var before = DeviceAckState.parse(store.get(StoreKeys.acknowledged(deviceId)));
        put(deviceId, before, before.without(consumer, upTo), writtenAt);
    }

    private void put(String deviceId, DeviceAckState before, DeviceAckState after, long writtenAt) {
        if (after.equals(before)) {
            return;
        }
        if (after.ackedUpTo() > before.ackedUpTo()) {
            cleanups.schedule(
                    writtenAt + bounds.replay().toMillis(),
                    CleanupTask.REMOVE_ACKNOWLEDGED,
                    deviceId,
                    after.ackedUpTo());
        }
        store.put(StoreKeys.acknowledged(deviceId), after.write());
    }

    /**
     * Stores the state of a transaction, unless a later state is stored.
     *
     * @param ownedFrom first offset of the device's current ownership; a state of a former one is ignored
     */
    void update(String deviceId, String transactionId, StoredTransaction update, long ownedFrom) {
        var key = StoreKeys.transaction(deviceId, transactionId);
        var known = Optional.ofNullable(store.get(key))
                .map(StoredTransaction::parse)
                .filter(before -> before.event().offset() >= ownedFrom);
        if (known.isEmpty() || update.isLaterThan(known.get())) {
            cleanups.schedule(
                    update.event().writtenAt() + bounds.transactions().toMillis(),
                    CleanupTask.DELETE_TRANSACTIONS,
                    deviceId,
                    0);
            store.put(key, update.write());
        }
    }

    /** Stores how far the partition has been processed, and up to which offset events are lost. */
    void saveProgress(MailboxProgress progress) {
        store.put(StoreKeys.PROGRESS, progress.write());
    }

    /** The stored progress; empty when none was ever written. */
    Optional<MailboxProgress> progress() {
        return Optional.ofNullable(store.get(StoreKeys.PROGRESS)).map(MailboxProgress::parse);
    }

    /**
     * Runs due cleanup tasks.
     *
     * @param steps about how many stored entries may be examined
     * @return false when there may be more to do
     */
    boolean runCleanups(long now, int steps) {
        return cleanups.runDue(now, steps);
    }

    private MailboxHeader trimmed(String deviceId, MailboxHeader header) {
        var remaining = header;
        if (fits(remaining) || remaining.events() == 1) {
            return remaining;
        }
        try (var events = cleanups.events(deviceId, header.removedUpTo() + 1, header.last() - 1)) {
            while (events.hasNext() && !fits(remaining)) {
                var next = events.next();
                remaining = remaining.without(StoredEvent.parse(next.key, next.value), true);
            }
        }
        return remaining;
    }

    private boolean fits(MailboxHeader header) {
        return header.events() <= bounds.maxEvents() && header.bytes() <= bounds.maxBytes();
    }

    private boolean isRepeated(String deviceId, String eventId, StoredEvent event) {
        var known = store.get(StoreKeys.id(deviceId, eventId));
        if (known == null) {
            return false;
        }
        var first = StoredEventId.parse(known);
        return first.offset() != event.offset()
                && event.writtenAt() - first.writtenAt() <= bounds.dedupe().toMillis();
    }

    private MailboxHeader header(String deviceId) {
        return MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
    }

    private void put(String deviceId, MailboxHeader header) {
        store.put(StoreKeys.header(deviceId), header.write());
    }
}
