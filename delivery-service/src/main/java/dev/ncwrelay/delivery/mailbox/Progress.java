package dev.ncwrelay.delivery.mailbox;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How far a partition has been read into its mailbox.
 *
 * @param upTo offset of the last record taken; -1 before the first
 * @param lostUpTo offset up to which records were gone from Kafka before they could be taken, or are gone from the
 *     store; -1 for none
 * @param lostAt when that was found, in epoch milliseconds
 * @param changelog which life of the store's own topic it was written to; 0 when that is not known
 */
record Progress(long upTo, long lostUpTo, long lostAt, long changelog) {

    static final Progress NONE = new Progress(-1, -1, Long.MIN_VALUE, 0);

    /**
     * What holds of a store that is opened. What is committed was taken before, even if there was no time to write so.
     * But a store without a mark, or with one of another life of its topic, has lost what was taken: it has seen
     * nothing.
     *
     * @param stored what the store says of itself
     */
    static Progress opened(Optional<Progress> stored, EventLog.Known known, long now) {
        long committed = known.committed() - 1;
        boolean isWhole = stored.isPresent()
                && (stored.get().changelog() == 0 || stored.get().changelog() == known.changelog());
        var kept = stored.orElse(NONE).reached(committed);
        var opened = isWhole || kept.upTo() < 0 ? kept : kept.lost(now);
        return opened.beginningAt(known.start(), now).in(known.changelog());
    }

    static Progress parse(byte[] value) {
        var in = ByteBuffer.wrap(value);
        return new Progress(in.getLong(), in.getLong(), in.getLong(), in.hasRemaining() ? in.getLong() : 0);
    }

    byte[] write() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(upTo)
                .putLong(lostUpTo)
                .putLong(lostAt)
                .putLong(changelog)
                .array();
    }

    Progress reached(long offset) {
        return new Progress(Math.max(upTo, offset), lostUpTo, lostAt, changelog);
    }

    /** The log begins at {@code start}: what is missing before it is lost. */
    Progress beginningAt(long start, long now) {
        return start - 1 > upTo ? new Progress(start - 1, start - 1, now, changelog) : this;
    }

    private Progress lost(long now) {
        return new Progress(upTo, upTo, now, changelog);
    }

    private Progress in(long life) {
        return new Progress(upTo, lostUpTo, lostAt, life);
    }
}
