package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.ingress.verify.HeaderCheck.Rejected;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether a webhook is Fireblocks': first by its signature headers, then by its body, so that no body is kept
 * whose signature cannot be valid. If the JWS header is there, it alone decides; the legacy header counts only without
 * it, and only where it is enabled. Whatever cannot be verified is rejected.
 */
public final class WebhookVerifier {

    private final JwsVerifier jws;
    private final Optional<LegacyVerifier> legacy;

    WebhookVerifier(JwsVerifier jws, Optional<LegacyVerifier> legacy) {
        this.jws = jws;
        this.legacy = legacy;
    }

    /**
     * Checks the headers. Completes late only when Fireblocks' keys must be fetched first, and never blocks.
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
                .orElseGet(() -> new Rejected("there is no Fireblocks-Webhook-Signature")));
    }

    private HeaderCheck prepareLegacy(String signature) {
        return legacy.map(check -> check.prepare(signature))
                .orElseGet(
                        () -> new Rejected("legacy signatures are not enabled (relay.ingress.verify.legacy.enabled)"));
    }
}
