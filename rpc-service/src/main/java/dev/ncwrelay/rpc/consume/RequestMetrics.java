package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Counts requests by result, and measures the time in Fireblocks and in this service. */
final class RequestMetrics {

    /** For a request whose method is not known. */
    static final String NO_METHOD = "none";

    private final MeterRegistry meters;
    private final Timer upstream;
    private final Timer added;

    RequestMetrics(MeterRegistry meters, DeviceDispatcher dispatch, PollLoopState loop) {
        this.meters = meters;
        this.upstream = Timer.builder("relay.rpc.upstream")
                .description("Time spent waiting for Fireblocks, all attempts of a request together")
                .publishPercentileHistogram()
                .register(meters);
        this.added = Timer.builder("relay.rpc.added")
                .description(
                        "Time from reading a request to its acknowledged reply, minus the time waited for Fireblocks")
                .publishPercentileHistogram()
                .register(meters);
        gauge("relay.rpc.in.flight", "Requests being processed", dispatch, DeviceDispatcher::running);
        gauge(
                "relay.rpc.waiting",
                "Requests read from Kafka that wait for capacity",
                dispatch,
                DeviceDispatcher::waiting);
        gauge(
                "relay.rpc.oldest",
                "Age in seconds of the oldest request that was read and is not finished",
                loop,
                state -> state.work().oldest().toMillis() / 1e3);
        gauge(
                "relay.rpc.gap",
                "Offsets from the committed offset to the last request read, the maximum of all partitions",
                loop,
                state -> state.work().gap());
    }

    void replied(String method, CallResult result, Duration total) {
        count(result.outcome().label(), method);
        upstream.record(result.upstream());
        added.record(total.minus(result.upstream()));
    }

    void deadLettered() {
        count("dead_lettered", NO_METHOD);
    }

    /** A dead letter was too large for Kafka and was published without its value. */
    void deadLetteredWithoutValue() {
        count("dead_lettered_without_value", NO_METHOD);
    }

    /** A request was rejected because its device's limit of waiting requests is reached. */
    void refused() {
        count("refused_for_device", NO_METHOD);
    }

    /** A record of a request that another record has a reply for, or will have. */
    void repeated(String method) {
        count("repeated", method);
    }

    private void count(String result, String method) {
        meters.counter("relay.rpc.requests", "result", result, "method", method).increment();
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(meters);
    }
}
