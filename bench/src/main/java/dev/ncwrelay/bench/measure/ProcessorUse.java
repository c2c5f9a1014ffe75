package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.system.RunningSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Processor time of each process over what is measured. It depends much less than latency on what else the machine does.
 */
final class ProcessorUse {

    private static final double MICROS_PER_NANO = 1e-3;

    private final RunningSystem system;
    private Map<String, Duration> before;

    /** Begins now. */
    ProcessorUse(RunningSystem system) {
        this.system = system;
        this.before = system.processorTime();
    }

    /** Begins anew. */
    void begin() {
        before = system.processorTime();
    }

    /** Since it began, for each of so many messages. */
    List<Figure> perMessage(long messages) {
        return system.processorTime().entrySet().stream()
                .map(now -> Figure.of(
                        "processor time of " + now.getKey(),
                        now.getValue()
                                        .minus(before.getOrDefault(now.getKey(), Duration.ZERO))
                                        .toNanos()
                                * MICROS_PER_NANO
                                / messages,
                        "us each"))
                .toList();
    }
}
