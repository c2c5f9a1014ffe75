package dev.ncwrelay.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** Latencies, to three digits up to ten minutes. Safe for use by any number of threads. */
public final class Latencies {

    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ConcurrentHistogram nanos = new ConcurrentHistogram(HIGHEST_NANOS, DIGITS);

    public void record(long latencyNanos) {
        nanos.recordValue(Math.clamp(latencyNanos, 0, HIGHEST_NANOS));
    }

    public long count() {
        return nanos.getTotalCount();
    }

    /** In milliseconds; 0 when there is none. */
    public double percentile(double percent) {
        return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percent) / NANOS_PER_MILLI;
    }

    /** In milliseconds. */
    public double max() {
        return nanos.getMaxValue() / NANOS_PER_MILLI;
    }
}
