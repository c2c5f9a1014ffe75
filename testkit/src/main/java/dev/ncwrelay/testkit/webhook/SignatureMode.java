package dev.ncwrelay.testkit.webhook;

/** Which of Fireblocks' signature headers a webhook carries. */
public enum SignatureMode {
    /** {@code Fireblocks-Webhook-Signature}: a detached JWS. */
    JWS,
    /** {@code Fireblocks-Signature}: a bare RSA signature by a key that never changes. */
    LEGACY,
    /** Both headers, as in the months in which Fireblocks moved from one to the other. */
    BOTH
}
