package dev.ncwrelay.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Identifies a process across commands by its pid and start time: pids are reused, the pair is not.
 *
 * @param path the file
 */
record ProcessFile(Path path) {

    /** Start times are derived from the boot time, which changes slightly when the clock is set. */
    private static final long CLOCK_SLACK_MILLIS = 5_000;

    void write(ProcessHandle process) {
        try {
            Files.writeString(path, process.pid() + " " + startOf(process) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    /** The process, if it has not ended; it may be ending. */
    Optional<ProcessHandle> find() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            var words = Files.readString(path).strip().split(" ", -1);
            long started = Long.parseLong(words[1]);
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> !ProcessEnd.isOver(process))
                    .filter(process -> Math.abs(startOf(process) - started) < CLOCK_SLACK_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
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

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
