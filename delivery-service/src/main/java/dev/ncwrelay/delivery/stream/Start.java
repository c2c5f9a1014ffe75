package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.cursor.Cursor;

/** Where a read begins. */
public sealed interface Start {

    /** After this offset. */
    record After(long offset) implements Start {}

    /** Nowhere without a gap: what came after the position asked for may no longer be held. */
    record Lost(Reason reason, Cursor earliest) implements Start {}

    /** What is asked for is no position at all. */
    record Unreadable() implements Start {}

    /** Why a position is lost; the names are part of the protocol. */
    enum Reason {
        /** What came after it is older than what is held. */
        RETENTION,
        /** It belongs to an earlier life of the topic. */
        GENERATION,
        /** It was not made here, or not for this device. */
        FOREIGN
    }
}
