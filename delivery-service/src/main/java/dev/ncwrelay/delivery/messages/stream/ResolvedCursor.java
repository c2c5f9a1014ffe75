package dev.ncwrelay.delivery.messages.stream;

/** Result of resolving a cursor that came from a client. */
sealed interface ResolvedCursor {

    /** The client has seen everything up to this offset. */
    record Known(long offset) implements ResolvedCursor {}

    /** Not a position in this device's stream. */
    record Foreign(PositionLossReason reason) implements ResolvedCursor {}
}
