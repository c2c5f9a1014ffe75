package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.deadletter.DeadLetterResult;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts requests by result, and measures the time in Fireblocks and in this service. */
final class RequestMetrics {

    /** For a request whose method is not known. */
    static final String NO_METHOD = "none";

    private final MeterRegistry meters;
    private final Timer upstream;
    private final Timer overhead;

    RequestMetrics(MeterRegistry meters, DeviceDispatcher dispatch, PollLoopState loop) {
        this.meters = meters;
        this.upstream = Timer.builder("relay.rpc.requests.upstream")
                .description("Time spent waiting for Fireblocks, all attempts of a request together")
                .publishPercentileHistogram()
                .register(meters);
        this.overhead = Timer.builder("relay.rpc.requests.overhead")
                .description(
                        "Time from reading a request to its acknowledged reply, minus the time waited for Fireblocks")
                .publishPercentileHistogram()
                .register(meters);
        Gauge.builder("relay.rpc.requests.active", dispatch, DeviceDispatcher::running)
                .description("Requests being processed")
                .register(meters);
        Gauge.builder("relay.rpc.requests.waiting", dispatch, DeviceDispatcher::waiting)
                .description("Requests read from Kafka that wait for capacity")
                .register(meters);
        Gauge.builder(
                        "relay.rpc.requests.oldest.age",
                        loop,
                        state -> state.work().oldest().toMillis() / 1e3)
                .description("Age of the oldest request that was read and is not finished")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder(
                        "relay.rpc.offsets.uncommitted",
                        loop,
                        state -> state.work().gap())
                .description(
                        "Offsets from the committed offset to the last request read, the maximum of all partitions")
                .register(meters);
    }

    void replied(String method, CallResult result, Duration total) {
        count(result.outcome().label(), method);
        upstream.record(result.upstream());
        overhead.record(total.minus(result.upstream()));
    }

    void deadLettered(DeadLetterResult result) {
        count(result.label(), NO_METHOD);
    }

    /** A request was rejected because its device's limit of waiting requests is reached. */
    void deviceLimitReached() {
        count("device_limit", NO_METHOD);
    }

    /** A record of a request that another record has a reply for, or will have. */
    void duplicate(String method) {
        count("duplicate", method);
    }

    private void count(String result, String method) {
        meters.counter("relay.rpc.requests", "result", result, "method", method).increment();
    }
}
