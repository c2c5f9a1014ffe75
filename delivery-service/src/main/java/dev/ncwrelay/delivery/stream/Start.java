package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.mailbox.Backlog.From;

/** Where a read begins. */
public sealed interface Start {

    /** Somewhere in the stream. */
    record At(From from) implements Start {}

    /** Nowhere: the cursor given is none of this stream. */
    record Foreign(Reason reason) implements Start {}

    /** What is asked for is no position at all. */
    record Unreadable() implements Start {}
}
