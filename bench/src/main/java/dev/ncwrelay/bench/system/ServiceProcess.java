package dev.ncwrelay.bench.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The process of a service, as the machine sees it.
 *
 * @param options by which its heap and its compiler are set
 */
public record ServiceProcess(ProcessHandle handle, List<String> options) {

    private static final int KIB = 1024;

    public ServiceProcess {
        options = List.copyOf(options);
    }

    public Duration processorTime() {
        return handle.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Bytes of the objects that a full collection leaves. */
    public long liveHeapBytes() {
        return diagnose("GC.class_histogram")
                .lines()
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.strip().split("\\s+", -1))
                .mapToLong(words -> Long.parseLong(words[2]))
                .sum();
    }

    /** Collects all garbage, and gives back what the collector gives back. */
    public void collectGarbage() {
        diagnose("GC.run");
    }

    /** Resident memory, as Linux counts it. */
    public long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(handle.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("resident memory is known on Linux only", e);
        }
    }

    /** Open files and connections, as Linux counts them. */
    public long openFiles() {
        try (var files = Files.list(Path.of("/proc", Long.toString(handle.pid()), "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException("open files are known on Linux only", e);
        }
    }

    private String diagnose(String command) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var process = new ProcessBuilder(jcmd, Long.toString(handle.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("jcmd " + command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run jcmd", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
