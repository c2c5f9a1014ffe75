package dev.ncwrelay.rpc.progress;

/**
 * Neighbouring offsets of one fate.
 *
 * @param from the first
 * @param to behind the last
 */
public record Run(long from, long to, Fate fate) {

    public Run {
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
