package dev.ncwrelay.delivery.messages.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * The header of a device's mailbox. It alone decides which stored events are visible: an event that is removed, or
 * beyond {@code last}, is invisible even while its bytes are still stored. So a change takes effect atomically when its
 * header is written.
 *
 * @param last offset of the last event that was added; events at or before it are not added again
 * @param expiredUpTo offset up to which events were removed because their retention ended, or all consumers
 *     acknowledged them
 * @param trimmedUpTo offset up to which events were removed because the device exceeded its bounds
 * @param removedTime latest time at which a removed event was written, in epoch milliseconds
 * @param events number of visible events
 * @param bytes size of the visible events
 */
record MailboxHeader(long last, long expiredUpTo, long trimmedUpTo, long removedTime, int events, long bytes) {

    static final MailboxHeader NEW = new MailboxHeader(-1, -1, -1, Long.MIN_VALUE, 0, 0);

    private static final int SIZE = 5 * Long.BYTES + Integer.BYTES;

    static MailboxHeader parse(byte @Nullable [] value) {
        if (value == null) {
            return NEW;
        }
        var in = ValueFormat.HEADER.read(value);
        return new MailboxHeader(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getLong());
    }

    byte[] write() {
        return ValueFormat.HEADER.write(
                SIZE,
                out -> out.putLong(last)
                        .putLong(expiredUpTo)
                        .putLong(trimmedUpTo)
                        .putLong(removedTime)
                        .putInt(events)
                        .putLong(bytes));
    }

    long removedUpTo() {
        return Math.max(expiredUpTo, trimmedUpTo);
    }

    /** This header with an event added, or with the offset of a record without one. */
    MailboxHeader withRecord(long offset, int more, long size) {
        return new MailboxHeader(offset, expiredUpTo, trimmedUpTo, removedTime, events + more, bytes + size);
    }

    /** This header without its oldest event. */
    MailboxHeader without(StoredEvent oldest, boolean trimmed) {
        return new MailboxHeader(
                last,
                trimmed ? expiredUpTo : Math.max(expiredUpTo, oldest.offset()),
                trimmed ? Math.max(trimmedUpTo, oldest.offset()) : trimmedUpTo,
                Math.max(removedTime, oldest.writtenAt()),
                events - 1,
                bytes - oldest.size());
    }
}
