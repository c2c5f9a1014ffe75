package dev.ncwrelay.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * When each send of a steady load is due.
 *
 * @param startNanos when the first is, by {@link System#nanoTime}
 * @param perSecond how many in a second
 * @param warm how many of the first only warm the system up
 * @param count how many in all
 */
public record Schedule(long startNanos, int perSecond, int warm, int count) {

    public Schedule {
        if (perSecond < 1 || warm < 0 || count <= warm) {
            throw new IllegalArgumentException("a load has at least one send that counts, and one in a second");
        }
    }

    /** A load for so many seconds, after so many others to warm up. */
    public static Schedule lasting(long startNanos, int perSecond, int warmSeconds, int seconds) {
        return new Schedule(startNanos, perSecond, perSecond * warmSeconds, perSecond * (warmSeconds + seconds));
    }

    public long dueNanos(int index) {
        return startNanos + TimeUnit.SECONDS.toNanos(1) * index / perSecond;
    }

    /** Whether this send is measured, and not of the warm-up. */
    public boolean counts(int index) {
        return index >= warm;
    }

    /** How many are measured. */
    public int counted() {
        return count - warm;
    }

    /** The same load shifted by half an interval, so that no two sends are due at the same time. */
    public Schedule between() {
        return new Schedule(startNanos + TimeUnit.SECONDS.toNanos(1) / perSecond / 2, perSecond, warm, count);
    }
}
