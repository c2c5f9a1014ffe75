package dev.ncwrelay.local.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;

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
        return number("partitions", PARTITIONS);
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
        remember("partitions", partitions);
        return true;
    }

    /** How many nodes of delivery-service this stack has. */
    public int nodes() {
        return number("nodes", 1);
    }

    /** Chooses the number of nodes of delivery-service. */
    public void chooseNodes(int nodes) {
        remember("nodes", nodes);
    }

    private int number(String name, int otherwise) {
        var file = path.resolve(name);
        try {
            var text = Files.exists(file) ? Files.readString(file).strip() : Integer.toString(otherwise);
            if (!text.matches("[1-9]\\d{0,4}")) {
                throw new NoSuchElementException(file + " must contain a number from 1: correct or delete it");
            }
            return Integer.parseInt(text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void remember(String name, int number) {
        var file = path.resolve(name);
        try {
            Files.createDirectories(path);
            Files.writeString(file, Integer.toString(number));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
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
