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

    /** Of a stack for which no other number was chosen. */
    public static final int PARTITIONS = 12;

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

    /** How many partitions each topic of this stack has. */
    public int partitions() {
        try {
            return Files.exists(partitionsFile()) ? Integer.parseInt(Files.readString(partitionsFile())) : PARTITIONS;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + partitionsFile(), e);
        }
    }

    /**
     * Chooses the number of partitions before the stack's first start.
     *
     * @return false when the stack has topics with another number, which never changes
     */
    public boolean choosePartitions(int partitions) {
        if (partitions == partitions()) {
            return true;
        }
        if (Files.exists(path.resolve("data"))) {
            return false;
        }
        try {
            Files.createDirectories(path);
            Files.writeString(partitionsFile(), Integer.toString(partitions));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + partitionsFile(), e);
        }
    }

    private Path partitionsFile() {
        return path.resolve("partitions");
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
