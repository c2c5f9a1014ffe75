package dev.ncwrelay.ingress.verify;

import java.security.interfaces.RSAPublicKey;

/** What came of looking for a signing key. */
sealed interface KeyLookup {

    record Found(RSAPublicKey key) implements KeyLookup {}

    /** Fireblocks publishes no such key. */
    record Unknown() implements KeyLookup {}

    /** Fireblocks cannot be asked. */
    record Unavailable(String cause) implements KeyLookup {}
}
