package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready when the start-up check has succeeded and all devices are loaded. */
final class Readiness implements HealthIndicator {

    private final StartupCheck check;
    private final DeviceRegistry registry;

    Readiness(StartupCheck check, DeviceRegistry registry) {
        this.check = check;
        this.registry = registry;
    }

    @Override
    public Health health() {
        return cause().map(cause -> Health.down().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }

    private Optional<String> cause() {
        return switch (check.state()) {
            case StartupState.Waiting(var cause) -> Optional.of(cause);
            case StartupState.Refused(var reason) -> Optional.of(reason);
            case StartupState.Ready() ->
                registry.isCaughtUp()
                        ? registry.failure()
                        : Optional.of("devices not loaded yet"
                                + registry.failure().map(why -> ": " + why).orElse(""));
        };
    }
}
