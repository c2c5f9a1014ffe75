package dev.ncwrelay.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Identifies a process across commands by its pid and start time: pids are reused, the pair is not.
 *
 * @param path the file
 */
record ProcessFile(Path path) {

    /** Start times are derived from the boot time, which changes slightly when the clock is set. */
    private static final long CLOCK_SLACK_MILLIS = 5_000;

    /** @param version of what the process runs; one word */
    void write(ProcessHandle process, String version) {
        try {
            Files.writeString(path, process.pid() + " " + startOf(process) + " " + version + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    /** The process, if it has not ended; it may be ending. */
    Optional<ProcessHandle> find() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        var words = words();
        long started = Long.parseLong(words.get(1));
        return ProcessHandle.of(Long.parseLong(words.get(0)))
                .filter(process -> !ProcessEnd.isOver(process))
                .filter(process -> Math.abs(startOf(process) - started) < CLOCK_SLACK_MILLIS);
    }

    /** The version of what the process runs; empty when it was started without one. */
    Optional<String> version() {
        return words().stream().skip(2).findFirst();
    }

    /** True when the process was started here and has not been stopped. */
    boolean exists() {
        return Files.exists(path);
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private List<String> words() {
        try {
            return List.of(Files.readString(path).strip().split(" ", -1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
