package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;

/** Where a read begins, as a client has given it. */
public sealed interface StartPosition {

    /** A position in the stream. */
    record Known(From from) implements StartPosition {}

    /** The cursor is not one of this device's stream. */
    record Foreign(PositionLossReason reason) implements StartPosition {}

    /** The text is not a position. */
    record Malformed() implements StartPosition {}
}
