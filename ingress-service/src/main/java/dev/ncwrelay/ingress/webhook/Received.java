package dev.ncwrelay.ingress.webhook;

/** What came of reading a body. */
sealed interface Received {

    /** All of it, handed on and not copied; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(byte[] body) implements Received {}

    /** More of it than is accepted. */
    record TooLarge() implements Received {}

    /** It broke off, or came too slowly. */
    record Incomplete(String reason) implements Received {}

    /** There was no memory for it. */
    record NoRoom() implements Received {}
}
