package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.sign.ApiUser;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What Fireblocks lets us do. */
final class LimitMeters {

    private final MeterRegistry meters;

    LimitMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void budget(ApiUser user, Budget budget) {
        Gauge.builder("relay.rpc.budget", budget, Budget::perMinute)
                .tag("user", user.name())
                .description(
                        "Calls per minute that may go in the name of this API user; infinite while no limit is known")
                .register(meters);
    }

    void limited(ApiUser user) {
        meters.counter("relay.rpc.limited", "user", user.name()).increment();
    }

    void setAside(ApiUser user) {
        meters.counter("relay.rpc.set.aside", "user", user.name()).increment();
    }

    void breaker(CircuitBreaker breaker) {
        Gauge.builder("relay.rpc.breaker.open", breaker, LimitMeters::openness)
                .description(
                        "1 while Fireblocks is not called because it cannot be reached, 0.5 while that is tried, else 0")
                .register(meters);
    }

    private static double openness(CircuitBreaker breaker) {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 1;
            case HALF_OPEN -> 0.5;
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
        };
    }
}
