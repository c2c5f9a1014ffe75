package dev.ncwrelay.testkit.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files under {@code fireblocks/} on the class path. */
final class Resource {

    private Resource() {}

    static byte[] bytes(String path) {
        try (var stream = Resource.class.getResourceAsStream("/fireblocks/" + path)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no " + path + "; fireblocks/INDEX.md lists what there is");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }
}
