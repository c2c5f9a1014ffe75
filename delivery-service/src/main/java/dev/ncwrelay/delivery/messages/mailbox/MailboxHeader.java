package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What holds of a device's events. It alone decides what is there: one that is gone, or beyond {@code last}, is
 * invisible, whether or not its bytes are still stored. So a change takes effect when its header is written, whole or
 * not at all.
 *
 * @param last offset of the last event taken; what is at or below it is never taken again
 * @param expiredUpTo offset up to which all was kept long enough
 * @param trimmedUpTo offset up to which the device had more than it may
 * @param goneTime when the last event that is gone was written, in epoch milliseconds
 * @param events how many are there
 * @param bytes how many bytes they have
 */
record MailboxHeader(long last, long expiredUpTo, long trimmedUpTo, long goneTime, int events, long bytes) {

    static final MailboxHeader NEW = new MailboxHeader(-1, -1, -1, Long.MIN_VALUE, 0, 0);

    private static final int SIZE = 5 * Long.BYTES + Integer.BYTES;

    static MailboxHeader parse(byte @Nullable [] value) {
        if (value == null) {
            return NEW;
        }
        var in = ByteBuffer.wrap(value);
        return new MailboxHeader(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getLong());
    }

    byte[] write() {
        return ByteBuffer.allocate(SIZE)
                .putLong(last)
                .putLong(expiredUpTo)
                .putLong(trimmedUpTo)
                .putLong(goneTime)
                .putInt(events)
                .putLong(bytes)
                .array();
    }

    long goneUpTo() {
        return Math.max(expiredUpTo, trimmedUpTo);
    }

    /** With one more event, or with an offset that carried none. */
    MailboxHeader taken(long offset, int more, long size) {
        return new MailboxHeader(offset, expiredUpTo, trimmedUpTo, goneTime, events + more, bytes + size);
    }

    /** Without its oldest event. */
    MailboxHeader without(StoredEvent oldest, boolean trimmed) {
        return new MailboxHeader(
                last,
                trimmed ? expiredUpTo : Math.max(expiredUpTo, oldest.offset()),
                trimmed ? Math.max(trimmedUpTo, oldest.offset()) : trimmedUpTo,
                Math.max(goneTime, oldest.writtenAt()),
                events - 1,
                bytes - oldest.size());
    }
}
