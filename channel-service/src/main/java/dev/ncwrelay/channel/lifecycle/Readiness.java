package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready when the start-up check has succeeded and all devices and subscriptions are loaded. */
record Readiness(StartupCheck startup, Subscriptions subscriptions) implements HealthIndicator {

    @Override
    public Health health() {
        return cause().map(cause -> Health.down().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }

    private Optional<String> cause() {
        return switch (startup.state()) {
            case StartupState.Waiting(var cause) -> Optional.of(cause);
            case StartupState.Refused(var reason) -> Optional.of(reason);
            case StartupState.Ready() -> subscriptions.failure();
        };
    }
}
