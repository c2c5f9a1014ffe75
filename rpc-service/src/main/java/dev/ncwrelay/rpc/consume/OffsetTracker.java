package dev.ncwrelay.rpc.consume;

import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which records of one partition, in one assignment, are finished. Records finish in any order; only what has nothing
 * unfinished below it may be committed.
 *
 * <ol>
 *   <li>{@link #position} is never above an unfinished record, and never falls.
 *   <li>Offsets that the log does not have (gaps) hold nothing up.
 *   <li>Memory grows with the unfinished records only. What is finished above the position is what lies between the
 *       unfinished ones, so it need not be kept to be told.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
final class OffsetTracker {

    private final TreeSet<Long> unfinished = new TreeSet<>();
    private long next = -1;

    /**
     * A record was taken from the log.
     *
     * @throws IllegalArgumentException when it does not come after all earlier ones: the topic is another than before
     */
    synchronized void started(long offset) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " comes after offset " + (next - 1));
        }
        unfinished.add(offset);
        next = offset + 1;
    }

    /** The record needs nothing more. Said twice, it counts once. */
    synchronized void finished(long offset) {
        unfinished.remove(offset);
    }

    /** The offset to commit: that of the lowest record that must be read again after a crash; empty before the first record. */
    synchronized OptionalLong position() {
        if (next < 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(unfinished.isEmpty() ? next : unfinished.first());
    }

    synchronized int unfinished() {
        return unfinished.size();
    }
}
