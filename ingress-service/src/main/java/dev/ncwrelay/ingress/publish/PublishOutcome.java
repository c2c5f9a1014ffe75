package dev.ncwrelay.ingress.publish;

/** Whether an event is safe. */
public sealed interface PublishOutcome {

    /** Acknowledged by all in-sync replicas. */
    record Acknowledged() implements PublishOutcome {}

    /** Some of it may not be on the log: the sender must send it again. */
    record Unavailable(String cause) implements PublishOutcome {}
}
