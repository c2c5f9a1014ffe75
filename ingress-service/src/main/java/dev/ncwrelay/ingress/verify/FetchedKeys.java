package dev.ncwrelay.ingress.verify;

import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Map;

/**
 * A key set as it was fetched.
 *
 * @param keys RSA signing keys by key id
 * @param freshFor how long the server lets it be kept
 */
record FetchedKeys(Map<String, RSAPublicKey> keys, Duration freshFor) {
    FetchedKeys {
        keys = Map.copyOf(keys);
    }
}
