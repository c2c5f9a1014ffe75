package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.consume.ChannelRunner;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Each kind of channel: up, or why it forwards nothing and what to do about it. DEGRADED does not make an instance unready:
 * another has the same trouble, and other kinds go on.
 */
record ChannelsHealth(List<ChannelRunner> channels) implements HealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    @Override
    public Health health() {
        var health = Health.up();
        for (var channel : channels) {
            var failure = channel.failure();
            if (failure.isPresent()) {
                health.status(DEGRADED);
            }
            health.withDetail(channel.kind(), failure.orElse("up"));
        }
        return health.build();
    }
}
