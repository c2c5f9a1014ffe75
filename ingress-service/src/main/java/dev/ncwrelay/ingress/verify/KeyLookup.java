package dev.ncwrelay.ingress.verify;

import java.security.interfaces.RSAPublicKey;

/** Result of looking up a signing key. */
sealed interface KeyLookup {

    record Found(RSAPublicKey key) implements KeyLookup {}

    /** Fireblocks publishes no key with this id. */
    record Unknown() implements KeyLookup {}

    /** The keys cannot be fetched now. */
    record Unavailable(String cause) implements KeyLookup {}
}
