package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.ingress.verify.Verification.Rejected;
import java.util.Optional;

/**
 * Decides whether a webhook is Fireblocks'. If the JWS header is there, it alone decides; the legacy header counts only
 * without it, and only where it is enabled. Whatever cannot be verified is rejected.
 */
public final class WebhookVerifier {

    private final JwsCheck jws;
    private final Optional<LegacyCheck> legacy;

    WebhookVerifier(JwsCheck jws, Optional<LegacyCheck> legacy) {
        this.jws = jws;
        this.legacy = legacy;
    }

    public Verification verify(RawWebhook webhook) {
        if (webhook.jws().isPresent()) {
            return jws.check(webhook, webhook.jws().get());
        }
        if (webhook.legacySignature().isEmpty()) {
            return new Rejected("there is no Fireblocks-Webhook-Signature");
        }
        return legacy.map(
                        check -> check.check(webhook, webhook.legacySignature().get()))
                .orElseGet(
                        () -> new Rejected("legacy signatures are not enabled (relay.ingress.verify.legacy.enabled)"));
    }
}
