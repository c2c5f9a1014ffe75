package dev.ncwrelay.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A random secret of the stack's delivery-service, created once and kept with the stack's data. */
final class RandomSecret {

    private static final int BYTES = 32;

    private RandomSecret() {}

    static void ensure(Path file) {
        if (Files.exists(file)) {
            return;
        }
        var secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getEncoder().encodeToString(secret) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
