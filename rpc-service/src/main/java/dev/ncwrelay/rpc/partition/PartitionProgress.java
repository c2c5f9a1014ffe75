package dev.ncwrelay.rpc.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a partition has come.
 *
 * @param position all records below it are finished
 * @param ranges what is known from there on, one behind the other without a gap; beyond them all is {@link OffsetState#OPEN}
 */
public record PartitionProgress(long position, List<OffsetRange> ranges) {

    public PartitionProgress {
        ranges = List.copyOf(ranges);
        long next = position;
        for (var run : ranges) {
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
        return ranges.stream()
                .filter(run -> run.state() == fate)
                .mapToLong(OffsetRange::length)
                .sum();
    }

    /** The offset behind all runs. */
    public long end() {
        return ranges.isEmpty() ? position : ranges.getLast().to();
    }

    /** Puts runs together: neighbours of one fate become one, and open ones at the end are left out. */
    static final class Builder {

        private final long position;
        private final List<OffsetRange> ranges = new ArrayList<>();

        Builder(long position) {
            this.position = position;
        }

        /** All offsets from the end of the last run to {@code to} have this fate; nothing, if there are none. */
        Builder extendTo(long to, OffsetState fate) {
            var last = ranges.isEmpty() ? null : ranges.getLast();
            long from = last == null ? position : last.to();
            if (to <= from) {
                return this;
            }
            if (last != null && last.state() == fate) {
                ranges.removeLast();
                from = last.from();
            }
            ranges.add(new OffsetRange(from, to, fate));
            return this;
        }

        PartitionProgress build() {
            if (!ranges.isEmpty() && ranges.getLast().state() == OffsetState.OPEN) {
                ranges.removeLast();
            }
            return new PartitionProgress(position, ranges);
        }
    }
}
