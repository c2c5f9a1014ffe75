package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up while requests are read: the consumer is in its group, polls, has a recent heartbeat, and has loaded the hand-over
 * state of its partitions.
 */
final class PollLoopHealth implements HealthIndicator {

    /** Above the longest time for which a revocation may block the poll thread. */
    private static final Duration MAX_POLL_AGE = Duration.ofSeconds(30);

    /** The session timeout of the consumer: after it the group reassigns its partitions. */
    private static final Duration MAX_HEARTBEAT_AGE = Duration.ofSeconds(10);

    /** Above the half minute without a record after which loading the hand-over state is retried. */
    private static final Duration MAX_HANDOVER_AGE = Duration.ofMinutes(1);

    private final PollLoopState state;
    private final DeviceDispatcher dispatch;
    private final Clock clock;

    PollLoopHealth(PollLoopState state, DeviceDispatcher dispatch, Clock clock) {
        this.state = state;
        this.dispatch = dispatch;
        this.clock = clock;
    }

    @Override
    public Health health() {
        var now = state.snapshot();
        var sincePoll = Duration.between(now.polledAt(), clock.instant());
        var work = state.work();
        var health = unhealthyReason(now, work, sincePoll)
                .map(cause -> Health.down().withDetail("cause", cause))
                .orElseGet(Health::up);
        return health.withDetail("partitions", now.partitions())
                .withDetail("partitionsLoading", work.loadingHandover())
                .withDetail("inFlight", dispatch.running())
                .withDetail("millisSincePoll", sincePoll.toMillis())
                .build();
    }

    private static Optional<String> unhealthyReason(
            PollLoopState.Snapshot now, PollLoopState.Work work, Duration sincePoll) {
        if (now.trouble() != null) {
            return Optional.of(now.trouble());
        }
        if (sincePoll.compareTo(MAX_POLL_AGE) > 0) {
            return Optional.of("the consumer has stopped polling");
        }
        if (!now.joined()) {
            return Optional.of("not in the consumer group yet");
        }
        if (now.sinceHeartbeat() != null && now.sinceHeartbeat().compareTo(MAX_HEARTBEAT_AGE) > 0) {
            return Optional.of(
                    "Kafka has not responded for " + now.sinceHeartbeat().toSeconds() + " s");
        }
        if (work.loadingFor().compareTo(MAX_HANDOVER_AGE) > 0) {
            return Optional.of(
                    "hand-over state not loaded after " + work.loadingFor().toSeconds() + " s");
        }
        return Optional.empty();
    }
}
