package dev.ncwrelay.rpc.limit;

import dev.ncwrelay.rpc.credentials.ApiUser;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of rate limiters and circuit breakers. */
public final class LimitMetrics {

    private final MeterRegistry meters;

    public LimitMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    public void rateLimiter(ApiUser user, AdaptiveRateLimiter limiter) {
        Gauge.builder("relay.rpc.budget", limiter, AdaptiveRateLimiter::perMinute)
                .tag("user", user.name())
                .description("Calls per minute that may be made as this API user; infinite while no limit is known")
                .register(meters);
    }

    public void limited(ApiUser user) {
        meters.counter("relay.rpc.limited", "user", user.name()).increment();
    }

    public void suspended(ApiUser user) {
        meters.counter("relay.rpc.set.aside", "user", user.name()).increment();
    }

    void breaker(String tenant, AccountCircuitBreaker breaker) {
        Gauge.builder("relay.rpc.breaker.open", breaker, AccountCircuitBreaker::openness)
                .tag("account", tenant.isEmpty() ? "default" : tenant)
                .description("1 while the circuit breaker is open, 0.5 while it is half-open, else 0")
                .register(meters);
    }
}
