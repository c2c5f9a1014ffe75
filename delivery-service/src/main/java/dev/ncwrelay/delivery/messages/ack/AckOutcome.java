package dev.ncwrelay.delivery.messages.ack;

/** What became of an acknowledgement that was asked for. */
public sealed interface AckOutcome {

    /** The brokers have it, and this node shows it. */
    record Acknowledged() implements AckOutcome {}

    /** Nothing was acknowledged: the device has as many named consumers as it may. */
    record TooManyConsumers(int limit) implements AckOutcome {}

    /** Nothing was acknowledged: too many messages would be acknowledged one by one. */
    record TooManyIndividual(int limit) implements AckOutcome {}
}
