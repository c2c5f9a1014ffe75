package dev.ncwrelay.rpc.partition;

/**
 * Neighbouring offsets of one fate.
 *
 * @param from the first
 * @param to behind the last
 */
public record OffsetRange(long from, long to, OffsetState state) {

    public OffsetRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("a run from " + from + " to " + to);
        }
    }

    boolean contains(long offset) {
        return from <= offset && offset < to;
    }

    long length() {
        return to - from;
    }
}
