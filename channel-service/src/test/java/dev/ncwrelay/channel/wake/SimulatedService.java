package dev.ncwrelay.channel.wake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A push service in memory that refuses messages at random, and is away at times. */
final class SimulatedService implements PushService {

    static final String KIND = "simulated";

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private final Clock clock;
    private final List<Push> accepted = new ArrayList<>();
    private final Map<String, Long> rejectedUpTo = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private double trouble;
    private boolean tokensRefused;

    /** An accepted message. */
    record Push(Instant at, WakeUp wakeUp) {

        String deviceId() {
            return wakeUp.subscription().key().deviceId();
        }
    }

    /** @param trouble the probability of each kind of failure */
    SimulatedService(RandomGenerator random, Clock clock, double trouble) {
        this.random = random;
        this.clock = clock;
        this.trouble = trouble;
    }

    List<Push> accepted() {
        return accepted;
    }

    /** Whether this event's message for a subscription was rejected, or its token is no longer valid. */
    boolean hasRefused(String subscriptionId, long offset) {
        return gone.contains(subscriptionId) || hasRejected(subscriptionId, offset);
    }

    boolean hasRejected(String subscriptionId, long offset) {
        return rejectedUpTo.getOrDefault(subscriptionId, -1L) >= offset;
    }

    /** Whether no token is valid. */
    void refuseTokens(boolean refused) {
        tokensRefused = refused;
    }

    void recover() {
        trouble = 0;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<PushOutcome> send(List<WakeUp> messages) {
        boolean away = random.nextDouble() < trouble;
        return messages.stream()
                .map(message -> away ? new PushOutcome.Postponed("away", PAUSE) : outcome(message))
                .toList();
    }

    @Override
    public Optional<String> check() {
        return Optional.empty();
    }

    private PushOutcome outcome(WakeUp message) {
        if (random.nextDouble() < trouble / 3) {
            rejectedUpTo.merge(message.subscription().id(), message.newest().offset(), Math::max);
            return new PushOutcome.Rejected("rejected");
        }
        if (tokensRefused || random.nextDouble() < trouble / 6) {
            gone.add(message.subscription().id());
            return new PushOutcome.TokenGone("gone");
        }
        if (random.nextDouble() < trouble / 2) {
            return new PushOutcome.Postponed("later", PAUSE);
        }
        accepted.add(new Push(clock.instant(), message));
        return new PushOutcome.Accepted();
    }
}
