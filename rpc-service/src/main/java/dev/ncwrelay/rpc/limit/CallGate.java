package dev.ncwrelay.rpc.limit;

/** Whether Fireblocks is worth calling at all. */
@FunctionalInterface
public interface CallGate {

    /** No call is made just now, because too many failed; requests had better wait on the log. */
    boolean isOpen();
}
