package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How far a partition has been read into its mailbox.
 *
 * @param upTo offset of the last record taken; -1 before the first
 * @param lostUpTo offset up to which records were gone from Kafka before they could be taken, or are gone from the
 *     store; -1 for none
 * @param lostAt when that was found, in epoch milliseconds
 * @param changelogId which life of the store's own topic it was written to; 0 when that is not known
 */
record MailboxProgress(long upTo, long lostUpTo, long lostAt, long changelogId) {

    static final MailboxProgress NONE = new MailboxProgress(-1, -1, Long.MIN_VALUE, 0);

    /**
     * What holds of a store that is opened. What is committed was taken before, even if there was no time to write so.
     * But a store without a mark, or with one of another life of its topic, has lost what was taken: it has seen
     * nothing.
     *
     * @param stored what the store says of itself
     */
    static MailboxProgress opened(Optional<MailboxProgress> stored, EventTopic.Known known, long now) {
        long committed = known.committed() - 1;
        boolean isWhole = stored.isPresent()
                && (stored.get().changelogId() == 0 || stored.get().changelogId() == known.changelogId());
        var kept = stored.orElse(NONE).reached(committed);
        var opened = isWhole || kept.upTo() < 0 ? kept : kept.lost(now);
        return opened.beginningAt(known.start(), now).in(known.changelogId());
    }

    static MailboxProgress parse(byte[] value) {
        var in = ByteBuffer.wrap(value);
        return new MailboxProgress(in.getLong(), in.getLong(), in.getLong(), in.hasRemaining() ? in.getLong() : 0);
    }

    byte[] write() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(upTo)
                .putLong(lostUpTo)
                .putLong(lostAt)
                .putLong(changelogId)
                .array();
    }

    MailboxProgress reached(long offset) {
        return new MailboxProgress(Math.max(upTo, offset), lostUpTo, lostAt, changelogId);
    }

    /** The log begins at {@code start}: what is missing before it is lost. */
    MailboxProgress beginningAt(long start, long now) {
        return start - 1 > upTo ? new MailboxProgress(start - 1, start - 1, now, changelogId) : this;
    }

    private MailboxProgress lost(long now) {
        return new MailboxProgress(upTo, upTo, now, changelogId);
    }

    private MailboxProgress in(long changelogId) {
        return new MailboxProgress(upTo, lostUpTo, lostAt, changelogId);
    }
}
