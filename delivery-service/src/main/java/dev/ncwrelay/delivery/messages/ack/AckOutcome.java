package dev.ncwrelay.delivery.messages.ack;

/** What became of an acknowledgement that was asked for. */
public sealed interface AckOutcome {

    /** The brokers have it, and this node shows it. */
    record Done() implements AckOutcome {}

    /** Nothing was acknowledged: the device has as many named consumers as it may. */
    record TooManyNames(int most) implements AckOutcome {}

    /** Nothing was acknowledged: too many messages would be acknowledged one by one. */
    record TooManySingles(int most) implements AckOutcome {}
}
