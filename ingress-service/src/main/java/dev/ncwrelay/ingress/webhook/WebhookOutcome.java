package dev.ncwrelay.ingress.webhook;

/** Result of a webhook request. */
sealed interface WebhookOutcome {

    /** Acknowledged by all in-sync replicas. */
    record Accepted(String result) implements WebhookOutcome {}

    /** The signature header is missing or not valid. */
    record InvalidHeader(String reason) implements WebhookOutcome {}

    /** The signature is well formed and of a known key, but does not match the body. */
    record InvalidSignature(String reason) implements WebhookOutcome {}

    /** Signed by Fireblocks for a workspace that is not accepted. */
    record OtherWorkspace() implements WebhookOutcome {}

    /** The body exceeds the limit. */
    record TooLarge() implements WebhookOutcome {}

    /** The body ended early or was sent too slowly. */
    record Incomplete(String reason) implements WebhookOutcome {}

    /** Fireblocks must send it again, which it does only after 5xx, 408 and 429. */
    record Unavailable(String result, String cause) implements WebhookOutcome {}

    /** The value of the metric's {@code result} tag. */
    default String result() {
        return switch (this) {
            case Accepted accepted -> accepted.result();
            case InvalidHeader _ -> "invalid_header";
            case InvalidSignature _ -> "invalid_signature";
            case OtherWorkspace _ -> "other_workspace";
            case TooLarge _ -> "too_large";
            case Incomplete _ -> "incomplete";
            case Unavailable later -> later.result();
        };
    }
}
