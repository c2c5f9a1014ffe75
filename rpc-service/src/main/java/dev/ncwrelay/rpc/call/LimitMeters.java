package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.sign.ApiUser;
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

    void breaker(String tenant, Breaker breaker) {
        Gauge.builder("relay.rpc.breaker.open", breaker, Breaker::openness)
                .tag("account", tenant.isEmpty() ? "default" : tenant)
                .description(
                        "1 while Fireblocks is not called because it cannot be reached, 0.5 while that is tried, else 0")
                .register(meters);
    }
}
