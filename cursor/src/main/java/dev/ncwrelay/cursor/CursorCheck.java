package dev.ncwrelay.cursor;

/** Result of decoding a cursor token that came from a client. */
public sealed interface CursorCheck {

    /** Made by this service for this device. */
    record Valid(Cursor cursor) implements CursorCheck {}

    /** Not made by this service, signed with a key that is no longer configured, or made for another device. */
    record Invalid() implements CursorCheck {}
}
