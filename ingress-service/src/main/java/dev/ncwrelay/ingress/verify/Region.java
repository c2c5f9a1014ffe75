package dev.ncwrelay.ingress.verify;

import java.net.URI;
import java.util.List;

/**
 * Fireblocks' environments with the URL of their webhook keys and the legacy keys of the documentation
 * (developers.fireblocks.com/reference/validating-webhooks; the sandbox has two, either of which may sign).
 */
public enum Region {
    US("https://keys.fireblocks.io/.well-known/jwks.json", "us.pem"),
    EU("https://eu-keys.fireblocks.io/.well-known/jwks.json", "eu.pem"),
    EU2("https://eu2-keys.fireblocks.io/.well-known/jwks.json", "eu.pem"),
    SANDBOX("https://sandbox-keys.fireblocks.io/.well-known/jwks.json", "sandbox-v2.pem", "sandbox-v1.pem");

    private final URI jwksUrl;
    private final String legacyKeys;

    Region(String jwksUrl, String... legacyKeys) {
        this.jwksUrl = URI.create(jwksUrl);
        this.legacyKeys = String.join(",", legacyKeys);
    }

    URI jwksUrl() {
        return jwksUrl;
    }

    /** Names of resources below {@code webhook-keys}. */
    List<String> legacyKeys() {
        return List.of(legacyKeys.split(",", -1));
    }
}
