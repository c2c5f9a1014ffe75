package dev.ncwrelay.delivery.messages.mailbox;

import org.apache.kafka.common.utils.Bytes;

/**
 * The stored value of a cleanup task: what remains to be done.
 *
 * @param upTo offset up to which the task applies
 * @param next the key to resume at; empty at the beginning
 */
record RemainingCleanup(long upTo, Bytes next) {

    /** A task that has not begun. */
    static RemainingCleanup all(long upTo) {
        return new RemainingCleanup(upTo, Bytes.wrap(new byte[0]));
    }

    static RemainingCleanup parse(byte[] value) {
        var in = ValueFormat.CLEANUP.read(value);
        long upTo = in.getLong();
        var next = new byte[in.remaining()];
        in.get(next);
        return new RemainingCleanup(upTo, Bytes.wrap(next));
    }

    byte[] write() {
        return ValueFormat.CLEANUP.write(
                Long.BYTES + next.get().length, out -> out.putLong(upTo).put(next.get()));
    }

    RemainingCleanup at(Bytes key) {
        return new RemainingCleanup(upTo, key);
    }

    boolean isStarted() {
        return next.get().length > 0;
    }

    /** The key to resume at, or the given one at the beginning. */
    Bytes from(Bytes beginning) {
        return isStarted() ? next : beginning;
    }
}
