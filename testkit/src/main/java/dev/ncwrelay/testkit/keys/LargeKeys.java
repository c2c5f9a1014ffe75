package dev.ncwrelay.testkit.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Key pairs of 4,096 bits, the size that Fireblocks' documentation makes API keys with. They were made before and are part of
 * this jar, since making one takes seconds; they protect nothing.
 */
final class LargeKeys {

    /** So many pairs can be in use at a time in a process without two of them being the same. */
    static final int COUNT = 8;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private LargeKeys() {}

    /** The next pair, in turn, under this id. */
    static SigningKey next(String kid) {
        int index = Math.floorMod(NEXT.getAndIncrement(), COUNT);
        try (var pem = Objects.requireNonNull(LargeKeys.class.getResourceAsStream("/rsa-4096/" + index + ".pem"))) {
            return Pem.parsePrivateKey(kid, new String(pem.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
