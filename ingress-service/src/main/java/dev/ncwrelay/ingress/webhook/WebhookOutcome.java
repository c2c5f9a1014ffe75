package dev.ncwrelay.ingress.webhook;

/** What became of a webhook. */
sealed interface WebhookOutcome {

    /** Acknowledged by all in-sync replicas. */
    record Accepted(String result) implements WebhookOutcome {}

    /** Its signature is not valid, as its header shows. */
    record InvalidHeader(String reason) implements WebhookOutcome {}

    /** The signature has the right form and a known key, but is not of this body. */
    record InvalidSignature(String reason) implements WebhookOutcome {}

    /** Signed by Fireblocks, but of a workspace that is not accepted. */
    record OtherWorkspace() implements WebhookOutcome {}

    /** Longer than this service takes. */
    record TooLarge() implements WebhookOutcome {}

    /** The body broke off, or came too slowly. */
    record Incomplete(String reason) implements WebhookOutcome {}

    /** To be sent again: Fireblocks does so after 5xx, 408 and 429 only. */
    record Unavailable(String result, String cause) implements WebhookOutcome {}

    /** The value of the metric's {@code result} tag. */
    default String result() {
        return switch (this) {
            case Accepted accepted -> accepted.result();
            case InvalidHeader _ -> "refused";
            case InvalidSignature _ -> "forged";
            case OtherWorkspace _ -> "other_workspace";
            case TooLarge _ -> "too_large";
            case Incomplete _ -> "incomplete";
            case Unavailable later -> later.result();
        };
    }
}
