package dev.ncwrelay.rpc.limit;

import dev.ncwrelay.rpc.credentials.ApiUser;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What Fireblocks lets us do. */
public final class LimitMetrics {

    private final MeterRegistry meters;

    public LimitMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    public void budget(ApiUser user, AdaptiveRateLimiter budget) {
        Gauge.builder("relay.rpc.budget", budget, AdaptiveRateLimiter::perMinute)
                .tag("user", user.name())
                .description(
                        "Calls per minute that may go in the name of this API user; infinite while no limit is known")
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
                .description(
                        "1 while Fireblocks is not called because it cannot be reached, 0.5 while that is tried, else 0")
                .register(meters);
    }
}
