package dev.ncwrelay.ingress.verify;

import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Map;

/**
 * A fetched key set.
 *
 * @param keys RSA signing keys by key id
 * @param freshFor how long it may be cached
 */
record FetchedKeys(Map<String, RSAPublicKey> keys, Duration freshFor) {
    FetchedKeys {
        keys = Map.copyOf(keys);
    }
}
