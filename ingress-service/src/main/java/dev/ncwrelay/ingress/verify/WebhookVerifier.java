package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.ingress.verify.HeaderCheck.Rejected;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Verifies that Fireblocks has signed a webhook: first the signature headers, so that no body is read whose signature
 * cannot be valid, then the body. With a JWS header, only that is checked; the legacy header is accepted only without it
 * and only if enabled. Everything else is rejected.
 */
public final class WebhookVerifier {

    private final JwsVerifier jws;
    private final Optional<LegacyVerifier> legacy;

    WebhookVerifier(JwsVerifier jws, Optional<LegacyVerifier> legacy) {
        this.jws = jws;
        this.legacy = legacy;
    }

    /**
     * Checks the headers. Completes at once unless Fireblocks' keys must be fetched first; never blocks.
     *
     * @param signature the header {@code Fireblocks-Webhook-Signature}
     * @param legacySignature the header {@code Fireblocks-Signature}
     */
    public CompletableFuture<HeaderCheck> prepare(Optional<String> signature, Optional<String> legacySignature) {
        if (signature.isPresent()) {
            return jws.prepare(signature.get());
        }
        return CompletableFuture.completedFuture(legacySignature
                .map(this::prepareLegacy)
                .orElseGet(() -> new Rejected("Fireblocks-Webhook-Signature is missing")));
    }

    private HeaderCheck prepareLegacy(String signature) {
        return legacy.map(check -> check.prepare(signature))
                .orElseGet(
                        () -> new Rejected("legacy signatures are not enabled (relay.ingress.verify.legacy.enabled)"));
    }
}
