package dev.ncwrelay.ingress.publish;

/** Whether an event is safe. */
public sealed interface PublishOutcome {

    /** All in-sync brokers have all of it. */
    record Acknowledged() implements PublishOutcome {}

    /** Some of it may not be on the log: whoever sent it must send it again. */
    record Unavailable(String cause) implements PublishOutcome {}
}
