package dev.ncwrelay.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What a run was made on, without anything that names the machine. */
public record Machine(int cores, long memoryMib, String system, String jdk) {

    private static final int MIB_SHIFT = 20;

    public static Machine current() {
        var memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory >> MIB_SHIFT,
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vendor") + " " + Runtime.version());
    }
}
