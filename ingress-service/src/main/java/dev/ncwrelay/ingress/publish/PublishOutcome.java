package dev.ncwrelay.ingress.publish;

/** Result of publishing an event. */
public sealed interface PublishOutcome {

    /** Acknowledged by all in-sync replicas. */
    record Acknowledged() implements PublishOutcome {}

    /** Some of its records may not be in Kafka: the sender must send it again. */
    record Unavailable(String cause) implements PublishOutcome {}
}
