package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up once Kafka and the schema registry are available and configured as required; until then, the reason. */
final class StartupHealth implements HealthIndicator {

    private final StartupCheck startup;

    StartupHealth(StartupCheck startup) {
        this.startup = startup;
    }

    @Override
    public Health health() {
        return switch (startup.state()) {
            case StartupState.Ready _ -> Health.up().build();
            case StartupState.Waiting(var cause) ->
                Health.down().withDetail("cause", cause).build();
            case StartupState.Refused(var reason) ->
                Health.down().withDetail("cause", reason).build();
        };
    }
}
