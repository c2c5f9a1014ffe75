package dev.ncwrelay.ingress.verify;

/** What comparing a body with its signature came to. */
public sealed interface Verification {

    /** Fireblocks signed these bytes. */
    record Verified(VerifiedWebhook webhook) implements Verification {}

    /** It is not shown that Fireblocks signed these bytes. */
    record Rejected(String reason) implements Verification {}
}
