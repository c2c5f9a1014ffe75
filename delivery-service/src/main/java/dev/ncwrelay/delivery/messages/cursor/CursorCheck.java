package dev.ncwrelay.delivery.messages.cursor;

/** What a token that came from a client turned out to be. */
public sealed interface CursorCheck {

    /** One of ours, made for this device. */
    record Valid(Cursor cursor) implements CursorCheck {}

    /** Not made by us, or not with a key we still have, or not for this device. */
    record Invalid() implements CursorCheck {}
}
