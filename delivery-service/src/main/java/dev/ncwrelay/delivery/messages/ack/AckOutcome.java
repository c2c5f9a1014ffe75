package dev.ncwrelay.delivery.messages.ack;

/** Result of an acknowledgement. */
public sealed interface AckOutcome {

    /** Stored in Kafka, and visible on this node. */
    record Acknowledged() implements AckOutcome {}

    /** Nothing was acknowledged: the device's limit of named consumers is reached. */
    record TooManyConsumers(int limit) implements AckOutcome {}

    /** Nothing was acknowledged: the consumer would have too many individual acknowledgements. */
    record TooManyIndividual(int limit) implements AckOutcome {}
}
