package dev.ncwrelay.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether a process is ending or has ended, from Linux's process information (proc(5), proc_pid_stat(5)). The JDK reports
 * a process as alive as long as it is in the process table, also while it is ending or a zombie.
 */
final class ProcessEnd {

    private static final Path PROC = Path.of("/proc");
    private static final String DEAD = "ZX";
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);

    /** Index of the state and of the kernel's flags, counted from the end of the command name, which may hold any text. */
    private static final int STATE = 0;

    private static final int FLAGS = 6;

    /** PF_EXITING of Linux's include/linux/sched.h. */
    private static final long EXITING = 0x4;

    private static final long KILL_SIGNAL = 1L << 8;

    private ProcessEnd() {}

    /** True when the process is ending or has ended; it may still hold ports and files. */
    static boolean hasBegun(ProcessHandle process) {
        return isOver(process) || isEnding(process.pid());
    }

    /** True when only the exit code of the process is left. */
    static boolean isOver(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        var folder = folder(process.pid());
        try {
            return Files.isDirectory(PROC.resolve("self")) && isDead(folder) && threads(folder) <= 1;
        } catch (IOException | UncheckedIOException e) {
            // It has ended while its files were read.
            return !process.isAlive();
        }
    }

    /** Waits until the process has ended; false when it takes longer, or this thread is interrupted. */
    static boolean await(ProcessHandle process, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        try {
            while (!isOver(process)) {
                if (System.nanoTime() - until > 0) {
                    return false;
                }
                Thread.sleep(CHECK_INTERVAL);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isEnding(long pid) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return false;
        }
        try {
            var folder = folder(pid);
            return isDead(folder)
                    || (Long.parseLong(stat(folder)[FLAGS]) & EXITING) != 0
                    || Files.readAllLines(folder.resolve("status")).stream().anyMatch(ProcessEnd::isKilled);
        } catch (IOException e) {
            // It ended meanwhile.
            return true;
        }
    }

    /** Whether this line of the status shows a pending SIGKILL for a thread or for the process. */
    private static boolean isKilled(String line) {
        return (line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                && (Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16) & KILL_SIGNAL) != 0;
    }

    private static boolean isDead(Path folder) throws IOException {
        return DEAD.contains(stat(folder)[STATE]);
    }

    private static String[] stat(Path folder) throws IOException {
        var line = Files.readString(folder.resolve("stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static long threads(Path folder) throws IOException {
        try (var threads = Files.list(folder.resolve("task"))) {
            return threads.count();
        }
    }

    private static Path folder(long pid) {
        return PROC.resolve(Long.toString(pid));
    }
}
