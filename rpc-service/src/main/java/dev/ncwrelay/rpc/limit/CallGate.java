package dev.ncwrelay.rpc.limit;

/** Stops the consumer while no account can be called. */
@FunctionalInterface
public interface CallGate {

    /** True when every account's circuit breaker is open; requests then stay in Kafka. */
    boolean isOpen();
}
