package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;

/** Where a read begins. */
public sealed interface StartPosition {

    /** Somewhere in the stream. */
    record Known(From from) implements StartPosition {}

    /** Nowhere: the cursor given is none of this stream. */
    record Foreign(PositionLossReason reason) implements StartPosition {}

    /** What is asked for is no position at all. */
    record Malformed() implements StartPosition {}
}
