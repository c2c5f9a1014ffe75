package dev.ncwrelay.kafka.startup;

/** How far a service is with its neighbours. */
public sealed interface StartupState {

    /** Kafka or the registry does not answer yet, or lacks something somebody may still add. */
    record Waiting(String cause) implements StartupState {}

    /** Everything needed was there. Final: a later outage is the business of whoever meets it. */
    record Ready() implements StartupState {}

    /** What is there contradicts the configuration. Final: the service must stop. */
    record Refused(String reason) implements StartupState {}
}
