package dev.ncwrelay.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A running example. Closing it is a stop by SIGTERM, which it must obey. */
record Reader(Process process, Path log) implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    static Reader start(Path log, Path folder, Map<String, String> environment, String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new Reader(builder.start(), log);
    }

    /** What it has printed since it was started. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The output of one that ends by itself, with a failure. */
    String awaitEnd() {
        assertThat(process.onExit()).as(this::output).succeedsWithin(LIMIT);
        assertThat(process.exitValue()).as(this::output).isNotZero();
        return output();
    }

    @Override
    public void close() {
        process.destroy();
        assertThat(process.onExit()).as(this::output).succeedsWithin(LIMIT);
    }
}
