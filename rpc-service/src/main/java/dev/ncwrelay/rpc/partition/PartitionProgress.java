package dev.ncwrelay.rpc.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * The progress of a partition.
 *
 * @param position all records below it are finished
 * @param ranges the states from there on, contiguous; all offsets after them are {@link OffsetState#OPEN}
 */
public record PartitionProgress(long position, List<OffsetRange> ranges) {

    public PartitionProgress {
        ranges = List.copyOf(ranges);
        long next = position;
        for (var range : ranges) {
            if (range.from() != next) {
                throw new IllegalArgumentException("a range begins at " + range.from() + ", not at " + next);
            }
            next = range.to();
        }
    }

    /** Only the position is known. */
    public static PartitionProgress at(long position) {
        return new PartitionProgress(position, List.of());
    }

    /** How many offsets in the ranges have this state. */
    public long count(OffsetState state) {
        return ranges.stream()
                .filter(range -> range.state() == state)
                .mapToLong(OffsetRange::length)
                .sum();
    }

    /** The offset after all ranges. */
    public long end() {
        return ranges.isEmpty() ? position : ranges.getLast().to();
    }

    /** Builds the ranges: adjacent ones of the same state are merged, and open ones at the end are left out. */
    static final class Builder {

        private final long position;
        private final List<OffsetRange> ranges = new ArrayList<>();

        Builder(long position) {
            this.position = position;
        }

        /** All offsets from the end of the last range to {@code to} have this state; nothing, if there are none. */
        Builder extendTo(long to, OffsetState state) {
            var last = ranges.isEmpty() ? null : ranges.getLast();
            long from = last == null ? position : last.to();
            if (to <= from) {
                return this;
            }
            if (last != null && last.state() == state) {
                ranges.removeLast();
                from = last.from();
            }
            ranges.add(new OffsetRange(from, to, state));
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
