package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tokens of a device that are not sent a message before a time of their own: one that was postponed, after the time that
 * the service asks for or twice as long each further time; one that was sent its message later than the others, after the
 * shortest interval. Known by the names of subscriptions, which stay the same when a token is registered again. Not thread-safe.
 */
final class TokenDelays {

    private static final int MAX_DOUBLINGS = 6;

    private final WakeSettings settings;
    private final Map<String, Delay> delays = new HashMap<>();

    /**
     * A delay.
     *
     * @param failures attempts that were postponed, one after another
     * @param ofLastRound whether the others were sent a message of the last round, and it was not
     */
    private record Delay(Instant until, int failures, boolean ofLastRound) {}

    TokenDelays(WakeSettings settings) {
        this.settings = settings;
    }

    /** {@link Instant#MIN} for no delay. */
    Instant until(Subscription subscription) {
        var delay = delays.get(subscription.key().name());
        return delay == null ? Instant.MIN : delay.until();
    }

    /** Whether it is still to be sent its message of the last round. */
    boolean isOfLastRound(Subscription subscription) {
        var delay = delays.get(subscription.key().name());
        return delay != null && delay.ofLastRound();
    }

    /** Its message was not accepted; {@code pause} is at least how long the service asks to wait. */
    void postponed(Subscription subscription, Duration pause, Instant now) {
        delays.compute(subscription.key().name(), (_, before) -> {
            int failures = before == null ? 0 : before.failures();
            boolean ofLastRound = before != null && before.ofLastRound();
            return new Delay(now.plus(longer(pause, failures)), failures + 1, ofLastRound);
        });
    }

    /** Its message was accepted; {@code isRound} unless that was between two rounds. */
    void accepted(Subscription subscription, boolean isRound, Instant now) {
        end(subscription);
        if (!isRound) {
            delays.put(subscription.key().name(), new Delay(now.plus(settings.interval()), 0, false));
        }
    }

    /** It need not wait. */
    void end(Subscription subscription) {
        delays.remove(subscription.key().name());
    }

    /** Others were sent the messages of a round: those that wait get theirs later. */
    void roundBegun() {
        delays.replaceAll((_, delay) -> new Delay(delay.until(), delay.failures(), true));
    }

    /** Forgets those of tokens that the device no longer has. */
    void forgetOthers(List<Token> tokens, Instant now) {
        if (!delays.isEmpty()) {
            var names = tokens.stream()
                    .map(token -> token.subscription().key().name())
                    .collect(Collectors.toSet());
            delays.entrySet()
                    .removeIf(delay -> !names.contains(delay.getKey())
                            && !delay.getValue().until().isAfter(now));
        }
    }

    /** Whether none has to wait any more. */
    boolean haveEnded(Instant now) {
        return delays.values().stream().noneMatch(delay -> delay.until().isAfter(now));
    }

    /** Doubled with each failure, up to the longest, unless the service itself asks for more. */
    private Duration longer(Duration pause, int failures) {
        var longest = settings.maxInterval();
        var doubled = pause.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : pause.compareTo(longest) < 0 ? longest : pause;
    }
}
