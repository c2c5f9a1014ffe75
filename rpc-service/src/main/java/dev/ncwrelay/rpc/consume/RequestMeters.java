package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.call.Invoked;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What became of requests, and how long they took us and Fireblocks. */
final class RequestMeters {

    private final MeterRegistry meters;
    private final Timer upstream;
    private final Timer added;

    RequestMeters(MeterRegistry meters, BoundedDispatch dispatch) {
        this.meters = meters;
        this.upstream = Timer.builder("relay.rpc.upstream")
                .description("Time spent waiting for Fireblocks, all attempts of a request together")
                .publishPercentileHistogram()
                .register(meters);
        this.added = Timer.builder("relay.rpc.added")
                .description(
                        "Time from reading a request to its acknowledged reply, less the time waited for Fireblocks")
                .publishPercentileHistogram()
                .register(meters);
        Gauge.builder("relay.rpc.in.flight", dispatch, BoundedDispatch::running)
                .description("Requests being carried out")
                .register(meters);
        Gauge.builder("relay.rpc.waiting", dispatch, BoundedDispatch::waiting)
                .description("Requests read from the log that wait for room")
                .register(meters);
    }

    void replied(Invoked invoked, Duration total) {
        count(invoked.outcome().label());
        upstream.record(invoked.upstream());
        added.record(total.minus(invoked.upstream()));
    }

    void deadLettered() {
        count("dead_lettered");
    }

    private void count(String result) {
        meters.counter("relay.rpc.requests", "result", result).increment();
    }
}
