package dev.ncwrelay.local.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** Tells one build of a file from the next by its content: jars have a fixed time, so that two builds make the same. */
public final class FileVersion {

    private FileVersion() {}

    public static String of(Path file) {
        var checksum = new CRC32();
        try (var content = new CheckedInputStream(Files.newInputStream(file), checksum)) {
            long size = content.transferTo(OutputStream.nullOutputStream());
            return size + "-" + checksum.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
