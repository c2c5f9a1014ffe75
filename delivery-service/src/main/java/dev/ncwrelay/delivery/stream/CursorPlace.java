package dev.ncwrelay.delivery.stream;

/** What a cursor that came from a client stands for. */
public sealed interface CursorPlace {

    /** Everything of the device up to this offset has been seen. */
    record Known(long offset) implements CursorPlace {}

    /** No place of this stream. */
    record Foreign(Reason reason) implements CursorPlace {}
}
