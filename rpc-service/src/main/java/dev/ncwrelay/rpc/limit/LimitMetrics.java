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
        Gauge.builder("relay.rpc.user.rate.limit", limiter, AdaptiveRateLimiter::perMinute)
                .tag("user", user.name())
                .description("Calls per minute that may be made as this API user; infinite while no limit is known")
                .baseUnit("calls_per_minute")
                .register(meters);
    }

    /** Fireblocks has replied 429 to a call made as this user. */
    public void rateLimited(ApiUser user) {
        rejected(user, "rate_limited");
    }

    /** Fireblocks has replied 401 to a call made as this user. */
    public void unauthorized(ApiUser user) {
        rejected(user, "unauthorized");
    }

    /** The key of this user did not sign a call. */
    public void notSigned(ApiUser user) {
        rejected(user, "not_signed");
    }

    void breaker(String tenant, AccountCircuitBreaker breaker) {
        Gauge.builder("relay.rpc.circuit.breaker.open", breaker, AccountCircuitBreaker::openness)
                .tag("account", tenant.isEmpty() ? "default" : tenant)
                .description("1 while the circuit breaker is open, 0.5 while it is half-open, else 0")
                .register(meters);
    }

    private void rejected(ApiUser user, String reason) {
        meters.counter("relay.rpc.user.rejections", "user", user.name(), "reason", reason)
                .increment();
    }
}
