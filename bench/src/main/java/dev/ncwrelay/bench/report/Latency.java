package dev.ncwrelay.bench.report;

import dev.ncwrelay.bench.load.Latencies;

/**
 * How long one thing took.
 *
 * @param what from where to where
 * @param timesFloor the same as multiples of the floor's median
 */
public record Latency(String what, long count, Percentiles millis, Percentiles timesFloor) {

    public static Latency of(String what, Latencies latencies, Latencies floor) {
        var millis = Percentiles.of(latencies);
        return new Latency(
                what,
                latencies.count(),
                millis,
                millis.dividedBy(Percentiles.of(floor).p50()));
    }
}
