package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.nio.ByteBuffer;

/**
 * The latest state of a transaction, as it is stored in a mailbox.
 *
 * @param lastUpdated time of the transaction's last update, in epoch milliseconds
 * @param isFinal true when the status does not change any more
 * @param createdAt creation time of the event, in epoch milliseconds
 */
record StoredTransaction(long lastUpdated, boolean isFinal, long createdAt, StoredEvent event) {

    /** Flag bit within the time, which never uses it, so that values written before the flag existed can be read. */
    private static final long FINAL_MARK = 1L << 62;

    StoredTransaction {
        createdAt = Math.max(0, createdAt);
    }

    static StoredTransaction of(TransactionUpdate update, StoredEvent event) {
        return new StoredTransaction(
                update.lastUpdated(),
                update.isFinal(),
                update.event().createdAt().toEpochMilli(),
                event);
    }

    static StoredTransaction parse(byte[] value) {
        var in = ByteBuffer.wrap(value);
        long lastUpdated = in.getLong();
        long marked = in.getLong();
        long offset = in.getLong();
        long writtenAt = in.getLong();
        return new StoredTransaction(
                lastUpdated,
                (marked & FINAL_MARK) != 0,
                marked & ~FINAL_MARK,
                new StoredEvent(offset, writtenAt, in.slice()));
    }

    byte[] write() {
        return ByteBuffer.allocate(4 * Long.BYTES + event.size())
                .putLong(lastUpdated)
                .putLong(isFinal ? createdAt | FINAL_MARK : createdAt)
                .putLong(event.offset())
                .putLong(event.writtenAt())
                .put(event.record().duplicate())
                .array();
    }

    /** The same order as that of {@link TransactionUpdate}. */
    boolean isLaterThan(StoredTransaction other) {
        if (lastUpdated != other.lastUpdated) {
            return lastUpdated > other.lastUpdated;
        }
        if (isFinal != other.isFinal) {
            return isFinal;
        }
        return createdAt == other.createdAt ? event.offset() > other.event.offset() : createdAt > other.createdAt;
    }
}
