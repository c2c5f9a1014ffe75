package dev.ncwrelay.delivery.mailbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition has been read into its mailbox.
 *
 * @param upTo offset of the last record taken; -1 before the first
 * @param lostUpTo offset up to which records were gone from Kafka before they could be taken; -1 for none
 * @param lostAt when that was found, in epoch milliseconds
 */
record Progress(long upTo, long lostUpTo, long lostAt) {

    static final Progress NONE = new Progress(-1, -1, Long.MIN_VALUE);

    static Progress parse(byte @Nullable [] value) {
        if (value == null) {
            return NONE;
        }
        var in = ByteBuffer.wrap(value);
        return new Progress(in.getLong(), in.getLong(), in.getLong());
    }

    byte[] write() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(upTo)
                .putLong(lostUpTo)
                .putLong(lostAt)
                .array();
    }

    Progress reached(long offset) {
        return new Progress(Math.max(upTo, offset), lostUpTo, lostAt);
    }

    /** The log begins at {@code start}: what is missing before it is lost. */
    Progress beginningAt(long start, long now) {
        return start - 1 > upTo ? new Progress(start - 1, start - 1, now) : this;
    }
}
