package dev.ncwrelay.delivery.messages.stream;

/** What a cursor that came from a client stands for. */
public sealed interface ResolvedCursor {

    /** Everything of the device up to this offset has been seen. */
    record Known(long offset) implements ResolvedCursor {}

    /** No place of this stream. */
    record Foreign(PositionLossReason reason) implements ResolvedCursor {}
}
