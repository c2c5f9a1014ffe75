package dev.ncwrelay.rpc.partition;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which records of one partition, in one assignment, are finished. Records finish in any order; only what has nothing
 * unfinished below it may be committed as the position, the rest goes beside it.
 *
 * <ol>
 *   <li>The position is never above an unfinished record, and never falls.
 *   <li>Offsets that the log does not have (gaps) hold nothing up.
 *   <li>What an earlier owner left is kept until its records are read, and committed unchanged until then.
 *   <li>Memory grows with the unfinished records, and with what was left, only: what lies between unfinished records
 *       is finished and need not be kept to be told.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class OffsetTracker {

    /** What was read and is not finished. */
    private final TreeMap<Long, Unfinished> unfinished = new TreeMap<>();

    /** What an earlier owner knew of records that were not read yet, by the first of each run. */
    private final TreeMap<Long, OffsetRange> inherited = new TreeMap<>();

    private long next;
    private long changes;

    /** @param inheritedState what the owner before knew of it */
    private record Unfinished(OffsetState state, OffsetState inheritedState, long writtenAt) {}

    /** @param found the progress of the owner before */
    public OffsetTracker(PartitionProgress found) {
        this.next = found.position();
        found.ranges().forEach(run -> inherited.put(run.from(), run));
    }

    /**
     * The progress at one moment.
     *
     * @param change number of the last change that is in it
     */
    public record Snapshot(PartitionProgress progress, long change) {}

    /**
     * A record was taken from the log.
     *
     * @param writtenAt its time there, milliseconds of the epoch
     * @return what the owner before knew of it; a finished one is not heard of again
     * @throws IllegalArgumentException when it does not come after all earlier ones: the topic is another than before
     */
    public synchronized OffsetState started(long offset, long writtenAt) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " comes after offset " + (next - 1));
        }
        var run = inherited.floorEntry(offset);
        var fate =
                run != null && run.getValue().contains(offset) ? run.getValue().state() : OffsetState.OPEN;
        if (fate != OffsetState.FINISHED) {
            unfinished.put(offset, new Unfinished(fate, fate, writtenAt));
        }
        next = offset + 1;
        forgetBelow(next);
        changes++;
        return fate;
    }

    /**
     * The record is about to be carried out, once and never again.
     *
     * @return the number of this change; it may begin when a snapshot with it is on Kafka
     */
    public synchronized long markUncertain(long offset) {
        setState(offset, OffsetState.UNCERTAIN);
        return changes;
    }

    /** The record did not begin after all. */
    public synchronized void markOpen(long offset) {
        setState(offset, OffsetState.OPEN);
    }

    /** The record is being carried out, and the partition goes to another owner meanwhile. */
    public synchronized void markRunning(long offset) {
        setState(offset, OffsetState.RUNNING);
    }

    /** Whether there are records that an owner before may have carried out and that have no known answer. */
    public synchronized boolean hasUncertain() {
        return unfinished.values().stream().anyMatch(record -> isUncertain(record.inheritedState()))
                || inherited.values().stream().anyMatch(run -> isUncertain(run.state()));
    }

    /** The record needs nothing more. Said twice, it counts once. */
    public synchronized void finished(long offset) {
        if (unfinished.remove(offset) != null) {
            changes++;
        }
    }

    /** The progress, if anything in it has changed since. */
    public synchronized Optional<Snapshot> changedSince(long change) {
        return change == changes ? Optional.empty() : Optional.of(new Snapshot(progress(), changes));
    }

    public synchronized int unfinished() {
        return unfinished.size();
    }

    /** Offsets from the position to the last record that was read. */
    public synchronized long gap() {
        return unfinished.isEmpty() ? 0 : next - unfinished.firstKey();
    }

    /** When the oldest unfinished record was written, in milliseconds of the epoch. */
    public synchronized OptionalLong oldest() {
        return unfinished.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(unfinished.firstEntry().getValue().writtenAt());
    }

    private static boolean isUncertain(OffsetState fate) {
        return fate == OffsetState.UNCERTAIN || fate == OffsetState.RUNNING;
    }

    private void setState(long offset, OffsetState fate) {
        unfinished.computeIfPresent(
                offset, (_, before) -> new Unfinished(fate, before.inheritedState(), before.writtenAt()));
        changes++;
    }

    private PartitionProgress progress() {
        var runs = new PartitionProgress.Builder(unfinished.isEmpty() ? next : unfinished.firstKey());
        unfinished.forEach(
                (offset, record) -> runs.extendTo(offset, OffsetState.FINISHED).extendTo(offset + 1, record.state()));
        runs.extendTo(next, OffsetState.FINISHED);
        inherited
                .values()
                .forEach(run -> runs.extendTo(run.from(), OffsetState.OPEN).extendTo(run.to(), run.state()));
        return runs.build();
    }

    private void forgetBelow(long offset) {
        while (!inherited.isEmpty() && inherited.firstEntry().getValue().to() <= offset) {
            inherited.pollFirstEntry();
        }
    }
}
