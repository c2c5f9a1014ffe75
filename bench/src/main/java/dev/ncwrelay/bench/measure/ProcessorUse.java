package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.system.MachineProcessors;
import dev.ncwrelay.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Processor time of each process over what is measured, which depends much less than latency on what else the machine
 * does; and how much else it does.
 */
final class ProcessorUse {

    private static final double MICROS_PER_NANO = 1e-3;
    private static final double MIB = 1024.0 * 1024.0;

    private final RunningSystem system;
    private Map<String, Duration> before;
    private Duration busyBefore;
    private long beganNanos;

    /** Begins now. */
    ProcessorUse(RunningSystem system) {
        this.system = system;
        this.before = system.processorTime();
        this.busyBefore = MachineProcessors.busyTime();
        this.beganNanos = System.nanoTime();
    }

    /** Restarts the measurement. */
    void begin() {
        before = system.processorTime();
        busyBefore = MachineProcessors.busyTime();
        beganNanos = System.nanoTime();
    }

    /** Since it began, for each of so many messages. */
    List<Figure> perMessage(long messages) {
        long elapsedNanos = System.nanoTime() - beganNanos;
        long othersNanos = MachineProcessors.busyTime().minus(busyBefore).toNanos();
        var figures = new ArrayList<Figure>();
        for (var now : system.processorTime().entrySet()) {
            long nanos = now.getValue()
                    .minus(before.getOrDefault(now.getKey(), Duration.ZERO))
                    .toNanos();
            othersNanos -= nanos;
            figures.add(Figure.of("processor time of " + now.getKey(), nanos * MICROS_PER_NANO / messages, "us each"));
        }
        figures.add(Figure.of("processors that others use", (double) Math.max(0, othersNanos) / elapsedNanos, "cores"));
        figures.add(Figure.of("partitions", system.partitions(), ""));
        figures.add(
                Figure.count("open files of delivery-service", system.delivery().openFiles()));
        figures.add(Figure.of(
                "resident memory of delivery-service",
                (double) system.delivery().residentBytes() / MIB,
                "MiB"));
        return figures;
    }
}
