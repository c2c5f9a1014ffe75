package dev.ncwrelay.rpc.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a partition has come.
 *
 * @param position all records below it are finished
 * @param runs what is known from there on, one behind the other without a gap; beyond them all is {@link OffsetState#OPEN}
 */
public record PartitionProgress(long position, List<OffsetRange> runs) {

    public PartitionProgress {
        runs = List.copyOf(runs);
        long next = position;
        for (var run : runs) {
            if (run.from() != next) {
                throw new IllegalArgumentException("a run begins at " + run.from() + ", not at " + next);
            }
            next = run.to();
        }
    }

    /** Nothing is known but the position. */
    public static PartitionProgress at(long position) {
        return new PartitionProgress(position, List.of());
    }

    /** How many offsets have this fate, of those in runs. */
    public long count(OffsetState fate) {
        return runs.stream()
                .filter(run -> run.fate() == fate)
                .mapToLong(OffsetRange::length)
                .sum();
    }

    /** The offset behind all runs. */
    public long end() {
        return runs.isEmpty() ? position : runs.getLast().to();
    }

    /** Puts runs together: neighbours of one fate become one, and open ones at the end are left out. */
    static final class Builder {

        private final long position;
        private final List<OffsetRange> runs = new ArrayList<>();

        Builder(long position) {
            this.position = position;
        }

        /** All offsets from the end of the last run to {@code to} have this fate; nothing, if there are none. */
        Builder until(long to, OffsetState fate) {
            var last = runs.isEmpty() ? null : runs.getLast();
            long from = last == null ? position : last.to();
            if (to <= from) {
                return this;
            }
            if (last != null && last.fate() == fate) {
                runs.removeLast();
                from = last.from();
            }
            runs.add(new OffsetRange(from, to, fate));
            return this;
        }

        PartitionProgress build() {
            if (!runs.isEmpty() && runs.getLast().fate() == OffsetState.OPEN) {
                runs.removeLast();
            }
            return new PartitionProgress(position, runs);
        }
    }
}
