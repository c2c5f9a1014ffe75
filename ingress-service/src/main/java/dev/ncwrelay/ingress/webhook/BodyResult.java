package dev.ncwrelay.ingress.webhook;

/** What came of reading a body. */
sealed interface BodyResult {

    /** All of it, handed on and not copied; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Complete(byte[] body) implements BodyResult {}

    /** More of it than is accepted. */
    record TooLarge() implements BodyResult {}

    /** It broke off, or came too slowly. */
    record Incomplete(String reason) implements BodyResult {}

    /** There was no memory for it. */
    record OverBudget() implements BodyResult {}
}
