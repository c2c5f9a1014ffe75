package dev.ncwrelay.delivery.mailbox;

import java.nio.ByteBuffer;

/**
 * The latest word on a transaction, as it is kept.
 *
 * @param lastUpdated of the transaction, in epoch milliseconds
 * @param createdAt of the event, in epoch milliseconds
 */
record StoredTransaction(long lastUpdated, long createdAt, StoredEvent event) {

    static StoredTransaction parse(byte[] value) {
        var in = ByteBuffer.wrap(value);
        long lastUpdated = in.getLong();
        long createdAt = in.getLong();
        long offset = in.getLong();
        long writtenAt = in.getLong();
        return new StoredTransaction(lastUpdated, createdAt, new StoredEvent(offset, writtenAt, in.slice()));
    }

    byte[] write() {
        return ByteBuffer.allocate(4 * Long.BYTES + event.size())
                .putLong(lastUpdated)
                .putLong(createdAt)
                .putLong(event.offset())
                .putLong(event.writtenAt())
                .put(event.record().duplicate())
                .array();
    }

    /** The same order as that of the updates themselves. */
    boolean isLaterThan(StoredTransaction other) {
        if (lastUpdated != other.lastUpdated) {
            return lastUpdated > other.lastUpdated;
        }
        return createdAt == other.createdAt ? event.offset() > other.event.offset() : createdAt > other.createdAt;
    }
}
