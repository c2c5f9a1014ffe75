package dev.ncwrelay.ingress.verify;

/** What checking a webhook's signature came to. */
public sealed interface Verification {

    /** Fireblocks signed these bytes. */
    record Verified(VerifiedWebhook webhook) implements Verification {}

    /** It is not shown that Fireblocks signed these bytes. */
    record Rejected(String reason) implements Verification {}

    /** The key is not known here and cannot be fetched now: Fireblocks must send it again, or it is lost. */
    record KeysUnavailable(String cause) implements Verification {}
}
