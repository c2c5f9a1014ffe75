package dev.ncwrelay.schemas.serde;

/** Result of decoding the bytes of a record. */
public sealed interface Decoded<T> {

    /** The record. */
    record Value<T>(T value) implements Decoded<T> {}

    /** The bytes can never be decoded: the record becomes a dead letter. */
    record Unreadable<T>(String reason) implements Decoded<T> {}

    /** The schema is not cached and the registry is unavailable: decode the same bytes again later. */
    record RegistryDown<T>(String reason) implements Decoded<T> {}
}
