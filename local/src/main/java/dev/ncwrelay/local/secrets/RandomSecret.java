package dev.ncwrelay.local.secrets;

import java.security.SecureRandom;
import java.util.Base64;

/** A random text, with as many bits as a key of HMAC-SHA-256 needs. */
final class RandomSecret {

    private static final int BYTES = 32;

    private RandomSecret() {}

    static String next() {
        var secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret) + "\n";
    }
}
