package dev.ncwrelay.channel.wake;

import dev.ncwrelay.cursor.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When one device is woken.
 *
 * <p>Its tokens are sent messages in rounds. The time to the next round is the age that the oldest unacknowledged event had at the
 * last one, within the limits: it doubles with each round, and begins anew when the event is acknowledged. It is counted for
 * urgent events by themselves too, so that one that needs the user now does not wait behind others. A token whose message is
 * postponed is attempted again after a time of its own, in the same round. Nothing else has to be remembered: an instance that
 * takes the device over needs only the log and the acknowledgements to go on.
 */
final class DeviceWakes {

    /** More are kept as one, the oldest. */
    private static final int MAX_EVENTS = 200;

    private static final Duration DAY = Duration.ofHours(24);
    private final String deviceId;
    private final WakeSettings settings;
    private final TreeMap<Long, PendingEvent> events = new TreeMap<>();

    /** By subscription: events up to this offset do not wake its token. */
    private final Map<String, Long> refusedUpTo = new HashMap<>();

    private final TokenDelays delays;
    private @Nullable Instant lastRound;
    private Instant dayEnd = Instant.MIN;
    private int roundsInDay;

    /** Whether the messages that were taken last begin a round. */
    private boolean isRound;

    DeviceWakes(String deviceId, WakeSettings settings) {
        this.deviceId = deviceId;
        this.settings = settings;
        this.delays = new TokenDelays(settings);
    }

    String deviceId() {
        return deviceId;
    }

    void add(PendingEvent event) {
        events.putIfAbsent(event.first(), event);
        if (events.size() > MAX_EVENTS) {
            var oldest = events.pollFirstEntry().getValue();
            var next = events.pollFirstEntry().getValue();
            events.put(oldest.first(), oldest.and(next));
        }
    }

    /** Forgets the events that wake no token any more. */
    void forgetServed(List<Token> tokens, Instant now) {
        events.values()
                .removeIf(event -> event.isOlderThan(settings.maxAge(), now)
                        || tokens.stream().noneMatch(token -> awaits(token, event)));
        delays.forgetOthers(tokens, now);
    }

    /** The first offset of its events; empty for none. */
    Optional<Long> lowest() {
        return events.isEmpty() ? Optional.empty() : Optional.of(events.firstKey());
    }

    /** The first offset that a token awaits; empty for none. */
    Optional<Long> lowest(Token token) {
        return awaited(token).findFirst().map(PendingEvent::first);
    }

    /** True when nothing has to be remembered. */
    boolean isIdle(Instant now) {
        return events.isEmpty() && !now.isBefore(dayEnd) && delays.haveEnded(now);
    }

    /** When it is woken next; empty when nothing is unacknowledged. */
    Optional<Instant> nextAt(List<Token> tokens) {
        return Stream.concat(
                        nextRoundAt(tokens).stream(), tokens.stream().flatMap(token -> restOfRoundAt(token).stream()))
                .min(Instant::compareTo);
    }

    /**
     * The messages to its tokens at this time: to all that have something unacknowledged and are not being served; between
     * two rounds, only to those that the last one has not reached.
     */
    List<WakeUp> wakeUps(List<Token> tokens, int partition, Instant now) {
        isRound = nextRoundAt(tokens).filter(at -> !at.isAfter(now)).isPresent();
        var wakeUps = new ArrayList<WakeUp>();
        for (var token : tokens) {
            var awaited = awaited(token).toList();
            if (mayBeSent(token, now)
                    && awaited.stream().anyMatch(event -> !readyAt(token, event).isAfter(now))) {
                var subscription = token.subscription();
                var newest = new Cursor(
                        subscription.generation(),
                        subscription.device().epoch(),
                        partition,
                        awaited.getLast().last());
                wakeUps.add(new WakeUp(subscription, newest, awaited.stream().anyMatch(PendingEvent::urgent)));
            }
        }
        return wakeUps;
    }

    /**
     * Its messages were sent at this time. Only what reached it counts: a new token need not wait because the former one is
     * gone.
     */
    void sent(List<SentWakeUp> sent, Instant now) {
        boolean isAccepted = false;
        for (var one : sent) {
            var subscription = one.wakeUp().subscription();
            switch (one.outcome()) {
                case PushOutcome.Accepted() -> {
                    isAccepted = true;
                    delays.accepted(subscription, isRound, now);
                }
                case PushOutcome.TokenGone(var _) -> {
                    delays.end(subscription);
                    refusedUpTo.put(subscription.id(), Long.MAX_VALUE);
                }
                case PushOutcome.Rejected(var _) -> {
                    delays.end(subscription);
                    refusedUpTo.put(subscription.id(), one.wakeUp().newest().offset());
                }
                case PushOutcome.Postponed(var _, var pause) -> delays.postponed(subscription, pause, now);
                case PushOutcome.PlatformRefused(var _, var pause) -> delays.postponed(subscription, pause, now);
            }
        }
        // What is left of a round counts if a new day has begun.
        if (isAccepted && (isRound || !now.isBefore(dayEnd))) {
            countRound(now);
        }
        if (isAccepted && isRound) {
            delays.roundBegun();
        }
    }

    private void countRound(Instant now) {
        lastRound = now;
        if (!now.isBefore(dayEnd)) {
            dayEnd = now.plus(DAY);
            roundsInDay = 0;
        }
        roundsInDay++;
    }

    private Optional<Instant> nextRoundAt(List<Token> tokens) {
        return tokens.stream()
                .flatMap(token -> nextRoundAt(token).stream())
                .min(Instant::compareTo)
                .map(at -> roundsInDay < settings.dailyCap() ? at : max(at, dayEnd));
    }

    private Optional<Instant> nextRoundAt(Token token) {
        var oldest = awaited(token).findFirst();
        var oldestUrgent = awaited(token).filter(PendingEvent::urgent).findFirst();
        return Stream.concat(oldest.stream(), oldestUrgent.stream())
                .map(event -> max(readyAt(token, event), pausedUntil(event)))
                .min(Instant::compareTo)
                .map(at -> max(at, delays.until(token.subscription())));
    }

    /** When this token is sent its message of the last round; empty when it needs none. */
    private Optional<Instant> restOfRoundAt(Token token) {
        if (!delays.isOfLastRound(token.subscription())) {
            return Optional.empty();
        }
        return awaited(token).findFirst().map(event -> max(readyAt(token, event), delays.until(token.subscription())));
    }

    private boolean mayBeSent(Token token, Instant now) {
        var subscription = token.subscription();
        return !delays.until(subscription).isAfter(now) && (isRound || delays.isOfLastRound(subscription));
    }

    private Instant readyAt(Token token, PendingEvent event) {
        return max(event.writtenAt(), token.servedAt()).plus(settings.delay());
    }

    private Instant pausedUntil(PendingEvent oldest) {
        if (lastRound == null) {
            return Instant.MIN;
        }
        var age = Duration.between(oldest.writtenAt(), lastRound);
        var longEnough = age.compareTo(settings.interval()) < 0 ? settings.interval() : age;
        return lastRound.plus(longEnough.compareTo(settings.maxInterval()) > 0 ? settings.maxInterval() : longEnough);
    }

    private Stream<PendingEvent> awaited(Token token) {
        return events.values().stream().filter(event -> awaits(token, event));
    }

    private boolean awaits(Token token, PendingEvent event) {
        return event.last() > refusedUpTo.getOrDefault(token.subscription().id(), -1L) && token.awaits(event);
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
