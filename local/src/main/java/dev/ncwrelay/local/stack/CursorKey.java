package dev.ncwrelay.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The key with which this stack's delivery-service authenticates cursors: made once, kept as long as the stack's data. */
final class CursorKey {

    private static final int BYTES = 32;

    private CursorKey() {}

    static void ensure(Path file) {
        if (Files.exists(file)) {
            return;
        }
        var key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getEncoder().encodeToString(key) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
