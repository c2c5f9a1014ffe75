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
 * <p>The time to the next message is the age that the oldest unacknowledged event had at the last one, within the limits: it
 * doubles with each message, and begins anew when the event is acknowledged. It is counted for urgent events by themselves
 * too, so that one that needs the user now does not wait behind others. Nothing else has to be remembered: an instance that takes
 * the device over needs only the log and the acknowledgements to go on.
 */
final class DeviceWakes {

    /** More are kept as one, the oldest. */
    private static final int MAX_EVENTS = 200;

    private static final Duration DAY = Duration.ofHours(24);
    private static final int MAX_DOUBLINGS = 6;

    private final String deviceId;
    private final WakeSettings settings;
    private final TreeMap<Long, PendingEvent> events = new TreeMap<>();

    /** By subscription: events up to this offset do not wake its token. */
    private final Map<String, Long> refusedUpTo = new HashMap<>();

    private @Nullable Instant lastSent;
    private Instant notBefore = Instant.MIN;
    private Instant dayEnd = Instant.MIN;
    private int sentInDay;
    private int failures;

    DeviceWakes(String deviceId, WakeSettings settings) {
        this.deviceId = deviceId;
        this.settings = settings;
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
        return events.isEmpty() && !now.isBefore(dayEnd) && !now.isBefore(notBefore);
    }

    /** When it is woken next; empty when nothing is unacknowledged. */
    Optional<Instant> nextAt(List<Token> tokens) {
        return tokens.stream()
                .flatMap(token -> nextAt(token).stream())
                .min(Instant::compareTo)
                .map(at -> max(at, notBefore))
                .map(at -> sentInDay < settings.dailyCap() ? at : max(at, dayEnd));
    }

    /** The messages to its tokens at this time: to all that have something unacknowledged and are not being served. */
    List<WakeUp> wakeUps(List<Token> tokens, int partition, Instant now) {
        var wakeUps = new ArrayList<WakeUp>();
        for (var token : tokens) {
            var awaited = awaited(token).toList();
            if (awaited.stream().anyMatch(event -> !readyAt(token, event).isAfter(now))) {
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
     * Its messages were sent at this time. If none was accepted at present, each further attempt waits twice as long. Only what
     * reached it counts: a new token need not wait because the former one is gone.
     */
    void sent(List<SentWakeUp> round, Instant now) {
        var postponed = Duration.ZERO;
        boolean isPostponed = true;
        boolean isAccepted = false;
        for (var sent : round) {
            var id = sent.wakeUp().token().id();
            switch (sent.outcome()) {
                case PushOutcome.Accepted() -> {
                    isPostponed = false;
                    isAccepted = true;
                }
                case PushOutcome.TokenGone(var _) -> {
                    isPostponed = false;
                    refusedUpTo.put(id, Long.MAX_VALUE);
                }
                case PushOutcome.Rejected(var _) -> {
                    isPostponed = false;
                    refusedUpTo.put(id, sent.wakeUp().newest().offset());
                }
                case PushOutcome.Postponed(var _, var pause) ->
                    postponed = postponed.compareTo(pause) < 0 ? pause : postponed;
            }
        }
        if (isPostponed) {
            notBefore = now.plus(longer(postponed, settings.maxInterval()));
            failures++;
            return;
        }
        notBefore = now.plus(postponed);
        failures = 0;
        if (isAccepted) {
            countSent(now);
        }
    }

    private void countSent(Instant now) {
        lastSent = now;
        if (!now.isBefore(dayEnd)) {
            dayEnd = now.plus(DAY);
            sentInDay = 0;
        }
        sentInDay++;
    }

    /** Doubled with each failure, up to the longest, unless the service itself asks for more. */
    private Duration longer(Duration pause, Duration longest) {
        var doubled = pause.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : pause.compareTo(longest) < 0 ? longest : pause;
    }

    private Optional<Instant> nextAt(Token token) {
        var oldest = awaited(token).findFirst();
        var oldestUrgent = awaited(token).filter(PendingEvent::urgent).findFirst();
        return Stream.concat(oldest.stream(), oldestUrgent.stream())
                .map(event -> max(readyAt(token, event), pausedUntil(event)))
                .min(Instant::compareTo);
    }

    private Instant readyAt(Token token, PendingEvent event) {
        return max(event.writtenAt(), token.servedAt()).plus(settings.delay());
    }

    private Instant pausedUntil(PendingEvent oldest) {
        if (lastSent == null) {
            return Instant.MIN;
        }
        var age = Duration.between(oldest.writtenAt(), lastSent);
        var longEnough = age.compareTo(settings.interval()) < 0 ? settings.interval() : age;
        return lastSent.plus(longEnough.compareTo(settings.maxInterval()) > 0 ? settings.maxInterval() : longEnough);
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
