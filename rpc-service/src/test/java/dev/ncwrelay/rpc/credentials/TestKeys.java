package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Keys made with openssl, in each of its formats. They protect nothing. */
public final class TestKeys {

    private TestKeys() {}

    public static String read(String name) {
        try (var stream = Objects.requireNonNull(TestKeys.class.getResourceAsStream("/keys/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String path(String name) {
        return Path.of("src", "test", "resources", "keys", name).toString();
    }
}
