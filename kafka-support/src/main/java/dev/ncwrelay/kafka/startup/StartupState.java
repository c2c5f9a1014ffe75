package dev.ncwrelay.kafka.startup;

/** State of the start-up check. */
public sealed interface StartupState {

    /** Kafka or the registry is unavailable, or lacks topics or schemas that may still be created. */
    record Waiting(String cause) implements StartupState {}

    /** All dependencies were available. Final; later outages are reported elsewhere. */
    record Ready() implements StartupState {}

    /** The broker contradicts the configuration. Final: the service must stop. */
    record Refused(String reason) implements StartupState {}
}
