package dev.ncwrelay.rpc.partition;

/**
 * Consecutive offsets with the same state.
 *
 * @param from the first
 * @param to one after the last
 */
record OffsetRange(long from, long to, OffsetState state) {

    OffsetRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("a range from " + from + " to " + to);
        }
    }

    boolean contains(long offset) {
        return from <= offset && offset < to;
    }

    long length() {
        return to - from;
    }
}
