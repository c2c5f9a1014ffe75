package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready when the state that responses depend on has been loaded, and while reading continues. */
final class Readiness implements HealthIndicator {

    private final StartupCheck check;
    private final TopicTails tails;
    private volatile boolean wasReady;

    Readiness(StartupCheck check, TopicTails tails) {
        this.check = check;
        this.tails = tails;
    }

    @Override
    public Health health() {
        return notReadyReason()
                .map(cause -> Health.down().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }

    /**
     * True once this node has been ready; a later outage of Kafka does not change it, a re-created topic does until it
     * is loaded.
     */
    boolean canServe() {
        if (!wasReady) {
            wasReady = notReadyReason().isEmpty();
        }
        return wasReady && !tails.isRenewing();
    }

    private Optional<String> notReadyReason() {
        return switch (check.state()) {
            case StartupState.Waiting(var cause) -> Optional.of(cause);
            case StartupState.Refused(var reason) -> Optional.of(reason);
            case StartupState.Ready() -> tails.notReadyReason();
        };
    }
}
