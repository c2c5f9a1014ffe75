package dev.ncwrelay.bench.report;

import dev.ncwrelay.bench.load.Latencies;

/** Median, 95th and 99th percentile, and the highest, of latencies in milliseconds or of ratios. */
public record Percentiles(double p50, double p95, double p99, double max) {

    private static final double THOUSAND = 1_000;

    public Percentiles {
        p50 = Math.round(p50 * THOUSAND) / THOUSAND;
        p95 = Math.round(p95 * THOUSAND) / THOUSAND;
        p99 = Math.round(p99 * THOUSAND) / THOUSAND;
        max = Math.round(max * THOUSAND) / THOUSAND;
    }

    static Percentiles of(Latencies latencies) {
        return new Percentiles(
                latencies.percentile(50), latencies.percentile(95), latencies.percentile(99), latencies.max());
    }

    /** How many times as long as something each is. */
    Percentiles dividedBy(double millis) {
        return millis == 0
                ? new Percentiles(0, 0, 0, 0)
                : new Percentiles(p50 / millis, p95 / millis, p99 / millis, max / millis);
    }
}
