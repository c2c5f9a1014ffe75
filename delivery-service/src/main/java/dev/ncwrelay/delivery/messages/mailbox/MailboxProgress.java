package dev.ncwrelay.delivery.messages.mailbox;

import java.util.Optional;

/**
 * How far a partition has been processed into its mailbox.
 *
 * @param upTo offset of the last processed record; -1 before the first
 * @param lostUpTo offset up to which events are lost, because Kafka deleted them before they were processed, or because
 *     the store lost them; -1 for none
 * @param lostAt when the loss was noticed, in epoch milliseconds
 * @param changelogId generation of the store's changelog topic
 */
record MailboxProgress(long upTo, long lostUpTo, long lostAt, long changelogId) {

    static final MailboxProgress NONE = new MailboxProgress(-1, -1, Long.MIN_VALUE, 0);

    /**
     * The progress of a store that is opened. Records before the committed offset were processed, even if the progress
     * was not stored in time. But a store without progress, or with that of another generation of its changelog topic,
     * has lost its events: everything before the committed offset is lost.
     *
     * @param stored the stored progress
     */
    static MailboxProgress opened(Optional<MailboxProgress> stored, EventTopic.Known known, long now) {
        long committed = known.committed() - 1;
        boolean isWhole = stored.isPresent() && stored.get().changelogId() == known.changelogId();
        var committedProgress = stored.orElse(NONE).reached(committed);
        var opened = isWhole || committedProgress.upTo() < 0 ? committedProgress : committedProgress.lost(now);
        return opened.beginningAt(known.start(), now).in(known.changelogId());
    }

    static MailboxProgress parse(byte[] value) {
        var in = ValueFormat.PROGRESS.read(value);
        return new MailboxProgress(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    byte[] write() {
        return ValueFormat.PROGRESS.write(
                4 * Long.BYTES,
                out -> out.putLong(upTo).putLong(lostUpTo).putLong(lostAt).putLong(changelogId));
    }

    MailboxProgress reached(long offset) {
        return new MailboxProgress(Math.max(upTo, offset), lostUpTo, lostAt, changelogId);
    }

    /** The topic begins at {@code start}: records before it that were not processed are lost. */
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
