package dev.ncwrelay.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The machine's processors, as used by all processes. */
public final class MachineProcessors {

    private static final Path STATISTICS = Path.of("/proc/stat");
    /** Linux counts in hundredths of a second, whatever its own clock does (proc_stat(5)). */
    private static final int TICK_MILLIS = 10;

    private MachineProcessors() {}

    /** How long they have been busy in all since the machine started; zero where that is not known. */
    public static Duration busyTime() {
        try (var lines = Files.lines(STATISTICS)) {
            return lines.findFirst().map(MachineProcessors::busy).orElse(Duration.ZERO);
        } catch (IOException e) {
            return Duration.ZERO;
        }
    }

    /** Of the line {@code cpu user nice system idle iowait irq softirq steal}. */
    static Duration busy(String line) {
        var words = line.split("\\s+", -1);
        long ticks = 0;
        for (int column : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += Long.parseLong(words[column]);
        }
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }
}
