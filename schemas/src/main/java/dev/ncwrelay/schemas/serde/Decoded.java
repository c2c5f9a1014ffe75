package dev.ncwrelay.schemas.serde;

/** What reading a record's bytes came to. */
public sealed interface Decoded<T> {

    /** The record. */
    record Value<T>(T value) implements Decoded<T> {}

    /** The bytes will never be readable: a case for the dead-letter topic. */
    record Unreadable<T>(String reason) implements Decoded<T> {}

    /** The schema is not known here and the registry cannot be asked now: try the same bytes again later. */
    record RegistryDown<T>(String reason) implements Decoded<T> {}
}
