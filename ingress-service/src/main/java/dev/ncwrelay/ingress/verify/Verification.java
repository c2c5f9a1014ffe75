package dev.ncwrelay.ingress.verify;

/** Result of verifying the signature of a body. */
public sealed interface Verification {

    /** Fireblocks has signed the body. */
    record Verified(VerifiedWebhook webhook) implements Verification {}

    /** The signature does not match the body. */
    record Rejected(String reason) implements Verification {}
}
