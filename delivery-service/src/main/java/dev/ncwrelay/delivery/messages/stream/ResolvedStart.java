package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.StartPosition;

/** Where a read begins, as a client has given it. */
sealed interface ResolvedStart {

    /** A position in the stream. */
    record Known(StartPosition position) implements ResolvedStart {}

    /** The cursor is not one of this device's stream. */
    record Foreign(PositionLossReason reason) implements ResolvedStart {}

    /** The text is not a position. */
    record Malformed() implements ResolvedStart {}
}
