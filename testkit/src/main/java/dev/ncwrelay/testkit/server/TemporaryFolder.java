package dev.ncwrelay.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The files of one server, in the system's folder for temporary files. */
public record TemporaryFolder(Path path) {

    /** Creates a folder; its name begins with {@code relay-} and this. */
    public static TemporaryFolder create(String name) {
        try {
            return new TemporaryFolder(Files.createTempDirectory("relay-" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it with all its files, if it is still there. */
    public void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (var files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
