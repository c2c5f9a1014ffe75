package dev.ncwrelay.delivery.limit;

/** Whether somebody may wait. */
public sealed interface Admission {

    /** Yes. {@code gone} is to be called when the client has left. */
    record Admitted(Runnable onClientGone) implements Admission {}

    /** No: the device has as many waits as it may. */
    record DeviceFull(int limit) implements Admission {}

    /** No: the node has as many waits as it may. */
    record NodeFull(int limit) implements Admission {}
}
