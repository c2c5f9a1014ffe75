package dev.ncwrelay.delivery.position;

/** What became of an acknowledgement that was asked for. */
public sealed interface Acked {

    /** The brokers have it, and this node shows it. */
    record Done() implements Acked {}

    /** Nothing was acknowledged: the device has as many named consumers as it may. */
    record TooManyNames(int most) implements Acked {}

    /** Nothing was acknowledged: too many messages would be acknowledged one by one. */
    record TooManySingles(int most) implements Acked {}
}
