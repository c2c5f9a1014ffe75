package dev.ncwrelay.delivery.limit;

/** Result of admitting a wait or connection against its limits. */
public sealed interface Admission {

    /** Admitted; call {@code onClientGone} when the client disconnects. */
    record Admitted(Runnable onClientGone) implements Admission {}

    /** The device's limit is reached. */
    record DeviceFull(int limit) implements Admission {}

    /** The node's limit is reached. */
    record NodeFull(int limit) implements Admission {}
}
