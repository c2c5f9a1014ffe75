package dev.ncwrelay.ingress.webhook;

/** Result of reading a body. */
sealed interface BodyResult {

    /** The whole body, not copied; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Complete(byte[] body) implements BodyResult {}

    /** The body exceeds the limit. */
    record TooLarge() implements BodyResult {}

    /** The body ended early or was sent too slowly. */
    record Incomplete(String reason) implements BodyResult {}

    /** The body budget is exhausted. */
    record OverBudget() implements BodyResult {}
}
