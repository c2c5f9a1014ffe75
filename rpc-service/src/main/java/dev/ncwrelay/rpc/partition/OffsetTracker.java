package dev.ncwrelay.rpc.partition;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Tracks which records of one partition are finished, during one assignment. Records finish in any order. The position
 * is the first unfinished offset; the states of the offsets after it are committed as metadata.
 *
 * <ol>
 *   <li>The position is never above an unfinished record, and never decreases.
 *   <li>Offsets without a record (gaps) do not hold the position back.
 *   <li>The state that a previous owner left is kept until its records are read, and committed unchanged until then.
 *   <li>Memory grows only with the unfinished records and with the inherited ranges: offsets between unfinished records
 *       are finished and not stored.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class OffsetTracker {

    /** Records that were read and are not finished. */
    private final TreeMap<Long, Unfinished> unfinished = new TreeMap<>();

    /** States from a previous owner, of records that are not read yet, by the first offset of each range. */
    private final TreeMap<Long, OffsetRange> inherited = new TreeMap<>();

    private long next;
    private long changes;

    /** @param inheritedState the state that the previous owner committed */
    private record Unfinished(OffsetState state, OffsetState inheritedState, long writtenAt) {}

    /** @param found the progress of the previous owner */
    OffsetTracker(PartitionProgress found) {
        this.next = found.position();
        found.ranges().forEach(range -> inherited.put(range.from(), range));
    }

    /**
     * The progress at one moment.
     *
     * @param change number of the last change that it contains
     */
    public record Snapshot(PartitionProgress progress, long change) {}

    /**
     * A record was read.
     *
     * @param writtenAt its timestamp, milliseconds since the epoch
     * @return the state that the previous owner committed; a finished record is not tracked
     * @throws IllegalArgumentException when it does not come after all earlier ones: the topic was re-created
     */
    public synchronized OffsetState started(long offset, long writtenAt) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " comes after offset " + (next - 1));
        }
        var range = inherited.floorEntry(offset);
        var state = range != null && range.getValue().contains(offset)
                ? range.getValue().state()
                : OffsetState.OPEN;
        if (state != OffsetState.FINISHED) {
            unfinished.put(offset, new Unfinished(state, state, writtenAt));
        }
        next = offset + 1;
        forgetBelow(next);
        changes++;
        return state;
    }

    /**
     * The non-repeatable call of the record is about to be made.
     *
     * @return the number of this change; the call may be made when Kafka has a snapshot that contains it
     */
    synchronized long markUncertain(long offset) {
        setState(offset, OffsetState.UNCERTAIN);
        return changes;
    }

    /** The call was not made. */
    synchronized void markOpen(long offset) {
        setState(offset, OffsetState.OPEN);
    }

    /** The call is in flight while the partition moves to another owner. */
    synchronized void markRunning(long offset) {
        setState(offset, OffsetState.RUNNING);
    }

    /** Whether there are records that a previous owner may have processed and whose reply is not known. */
    public synchronized boolean hasUncertain() {
        return unfinished.values().stream().anyMatch(record -> isUncertain(record.inheritedState()))
                || inherited.values().stream().anyMatch(range -> isUncertain(range.state()));
    }

    /** The record is complete. Idempotent. */
    public synchronized void finished(long offset) {
        if (unfinished.remove(offset) != null) {
            changes++;
        }
    }

    /** The progress, if it has changed since this change. */
    synchronized Optional<Snapshot> changedSince(long change) {
        return change == changes ? Optional.empty() : Optional.of(new Snapshot(progress(), changes));
    }

    public synchronized int unfinished() {
        return unfinished.size();
    }

    /** Offsets from the position to the last record that was read. */
    public synchronized long gap() {
        return unfinished.isEmpty() ? 0 : next - unfinished.firstKey();
    }

    /** The timestamp of the oldest unfinished record, in milliseconds since the epoch. */
    public synchronized OptionalLong oldest() {
        return unfinished.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(unfinished.firstEntry().getValue().writtenAt());
    }

    private static boolean isUncertain(OffsetState state) {
        return state == OffsetState.UNCERTAIN || state == OffsetState.RUNNING;
    }

    private void setState(long offset, OffsetState state) {
        unfinished.computeIfPresent(
                offset, (_, before) -> new Unfinished(state, before.inheritedState(), before.writtenAt()));
        changes++;
    }

    private PartitionProgress progress() {
        var builder = new PartitionProgress.Builder(unfinished.isEmpty() ? next : unfinished.firstKey());
        unfinished.forEach((offset, record) ->
                builder.extendTo(offset, OffsetState.FINISHED).extendTo(offset + 1, record.state()));
        builder.extendTo(next, OffsetState.FINISHED);
        inherited
                .values()
                .forEach(range ->
                        builder.extendTo(range.from(), OffsetState.OPEN).extendTo(range.to(), range.state()));
        return builder.build();
    }

    private void forgetBelow(long offset) {
        while (!inherited.isEmpty() && inherited.firstEntry().getValue().to() <= offset) {
            inherited.pollFirstEntry();
        }
    }
}
