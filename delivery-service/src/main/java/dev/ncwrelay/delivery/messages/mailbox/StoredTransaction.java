package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;

/**
 * The latest state of a transaction, as it is stored in a mailbox.
 *
 * @param lastUpdated time of the transaction's last update, in epoch milliseconds
 * @param isFinal true when the status does not change any more
 * @param createdAt creation time of the event, in epoch milliseconds
 */
record StoredTransaction(long lastUpdated, boolean isFinal, long createdAt, StoredEvent event) {

    static StoredTransaction of(TransactionUpdate update, StoredEvent event) {
        return new StoredTransaction(
                update.lastUpdated(),
                update.isFinal(),
                update.event().createdAt().toEpochMilli(),
                event);
    }

    static StoredTransaction parse(byte[] value) {
        var in = ValueFormat.TRANSACTION.read(value);
        long lastUpdated = in.getLong();
        boolean isFinal = in.get() != 0;
        long createdAt = in.getLong();
        long offset = in.getLong();
        long writtenAt = in.getLong();
        return new StoredTransaction(lastUpdated, isFinal, createdAt, new StoredEvent(offset, writtenAt, in.slice()));
    }

    byte[] write() {
        return ValueFormat.TRANSACTION.write(
                4 * Long.BYTES + 1 + event.size(),
                out -> out.putLong(lastUpdated)
                        .put((byte) (isFinal ? 1 : 0))
                        .putLong(createdAt)
                        .putLong(event.offset())
                        .putLong(event.writtenAt())
                        .put(event.record().duplicate()));
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
