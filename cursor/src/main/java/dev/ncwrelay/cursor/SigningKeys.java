package dev.ncwrelay.cursor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads signing keys from a service's settings. */
public final class SigningKeys {

    private SigningKeys() {}

    /**
     * The keys, the signing one first. All nodes and services need the same. To rotate, put the new key first, and remove
     * the old one when no client can hold a cursor signed with it.
     *
     * @param prefix of the settings, for error messages
     * @param keys the setting {@code keys}: keys in base64, at least 32 bytes each
     * @param keyFile the setting {@code key-file}: a file with one such key a line, after {@code keys}
     * @throws IllegalArgumentException naming the setting when there is none, or one is not a key
     */
    public static List<SigningKey> load(String prefix, List<String> keys, @Nullable Path keyFile) {
        var all = Stream.concat(parse(prefix + ".keys", keys), parse(prefix + ".key-file", lines(prefix, keyFile)))
                .toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException(prefix + ".key-file (" + environmentVariable(prefix + ".key-file")
                    + ") or " + prefix + ".keys must give a key; make one with: openssl rand -base64 32");
        }
        return all;
    }

    private static Stream<SigningKey> parse(String setting, List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank()).map(line -> {
            try {
                return SigningKey.parse(line);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
            }
        });
    }

    private static List<String> lines(String prefix, @Nullable Path keyFile) {
        if (keyFile == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(keyFile);
        } catch (IOException e) {
            // Not the name, which is the secret itself where two settings were mixed up.
            throw new IllegalArgumentException(
                    prefix + ".key-file cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** As Spring Boot derives it. */
    private static String environmentVariable(String setting) {
        return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
