package dev.ncwrelay.rpc.limit;

/** Tells the consumer to stop reading while no account can be called. */
@FunctionalInterface
public interface CallGate {

    /** True when every account's circuit breaker is open; requests then stay in Kafka. */
    boolean isBlocked();
}
