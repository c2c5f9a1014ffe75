package dev.ncwrelay.local.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of one stack: data, logs, secrets and the pids of its processes.
 *
 * @param path the folder, created when first needed
 */
public record RunFolder(Path path) {

    public Path log(String component) {
        return folder("logs").resolve(component + ".log");
    }

    public Path pid(String component) {
        return folder("pids").resolve(component + ".pid");
    }

    /** Secrets generated for this stack. */
    public Path secrets() {
        return folder("secrets");
    }

    public Path data(String component) {
        return folder("data").resolve(component);
    }

    /** Deletes everything, for a stack that must start empty. */
    public void clear() {
        FileTree.delete(path);
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + path.resolve(name), e);
        }
    }
}
