package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.wake.SimulatedService.Push;
import dev.ncwrelay.schemas.FcmChannel;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random events, acknowledgements, tokens, failures, restarts and hand-overs, with a simulated clock. */
class WakeProperties {

    private static final List<String> DEVICES = List.of("a", "b", "c");
    private static final List<String> NAMES = List.of("token-1", "token-2");
    private static final int STEPS = 200;
    private static final int CAP = 5;
    private static final WakeSettings SETTINGS = new WakeSettings(
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            CAP,
            Duration.ofDays(365),
            Set.of(SimulatedWakes.URGENT));

    @Property(tries = 1_000)
    void wakeUps_areNotLost_keepTheLimits_andEndWithTheAcknowledgement(@ForAll long seed) {
        var random = new Random(seed);
        var clock = new MutableClock();
        var service = new SimulatedService(random, clock, random.nextDouble() * 0.5);
        var wakes = new SimulatedWakes(SETTINGS, clock, service);
        double failures = random.nextDouble() * 0.5;
        wakes.states().failing(() -> random.nextDouble() < failures);

        // In a short life the last event of a device is often the one that could be lost.
        int steps = random.nextBoolean() ? STEPS : random.nextInt(STEPS / 5);
        for (int step = 0; step < steps; step++) {
            var device = DEVICES.get(random.nextInt(DEVICES.size()));
            var name = NAMES.get(random.nextInt(NAMES.size()));
            switch (random.nextInt(20)) {
                case 0 -> wakes.restart();
                case 1 -> wakes.unsubscribe(device, name);
                case 2, 3 -> wakes.subscribe(device, name, token(random));
                case 4 -> wakes.acknowledge(device, random.nextBoolean() ? "" : "one", random.nextBoolean());
                case 5, 6, 7, 8 -> wakes.append(device, random.nextInt(4) == 0, random.nextInt(4) == 0 ? "one" : null);
                case 9, 10 -> wakes.pass(Duration.ofMillis(random.nextInt(60_000)));
                case 11 -> wakes.pass(Duration.ofMinutes(random.nextInt(100)));
                case 12, 13, 14 -> wakes.read(random.nextInt(5), () -> meanwhile(random, wakes));
                case 15, 16 -> wakes.catchUp();
                default -> send(wakes, service, clock);
            }
        }
        service.recover();
        wakes.states().failing(() -> false);
        settle(wakes, service, clock);
        // The state of a token that replaces a broken one is stored when offsets were committed.
        wakes.append("other", false, null);
        settle(wakes, service, clock);

        assertNothingIsLost(wakes, service);
        assertReplacementsLoseNothing(wakes, service);
        assertThat(wakes.states().stored())
                .containsExactlyInAnyOrderElementsOf(wakes.tokens().stream()
                        .map(token -> token.subscription().id())
                        .toList());
        for (var device : DEVICES) {
            NAMES.forEach(name -> assertLimits(device, name, service.accepted(), wakes.restarts()));
        }
        DEVICES.forEach(device -> wakes.acknowledge(device, "", true));
        DEVICES.forEach(device -> wakes.acknowledge(device, "one", true));
        DEVICES.forEach(device -> wakes.acknowledge(device, "two", true));
        int pushes = service.accepted().size();
        settle(wakes, service, clock);
        assertThat(service.accepted()).hasSize(pushes);
    }

    /** What another thread may do at the same time. */
    private static void meanwhile(Random random, SimulatedWakes wakes) {
        if (random.nextBoolean()) {
            wakes.pass(Duration.ZERO);
            wakes.catchUp();
        }
    }

    private static Map<String, String> token(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Map.of(FcmChannel.CONSUMER, "one");
            case 3 -> Map.of(FcmChannel.CONSUMER, "two");
            case 1 -> Map.of("physicalDeviceId", "one");
            case 2 -> Map.of("physicalDeviceId", "two", FcmChannel.CONSUMER, "two");
            default -> Map.of();
        };
    }

    /** Sends, and compares each message with what is known of its token. */
    private static void send(SimulatedWakes wakes, SimulatedService service, MutableClock clock) {
        int before = service.accepted().size();
        wakes.send();
        var now = clock.instant();
        for (var push : service.accepted().subList(before, service.accepted().size())) {
            var subscription = push.wakeUp().subscription();
            assertThat(wakes.tokens())
                    .filteredOn(token -> token.subscription().equals(subscription))
                    .singleElement()
                    .satisfies(token -> {
                        var awaited = awaited(wakes, token);
                        assertThat(awaited).anyMatch(event -> isReady(event, token, now));
                        assertThat(awaited)
                                .anyMatch(event ->
                                        event.last() == push.wakeUp().newest().offset());
                        if (push.wakeUp().urgent()) {
                            assertThat(awaited).anyMatch(PendingEvent::urgent);
                        }
                    });
        }
    }

    private static boolean isReady(PendingEvent event, Token token, Instant now) {
        var since = event.writtenAt().isAfter(token.servedAt()) ? event.writtenAt() : token.servedAt();
        return !since.plus(SETTINGS.delay()).isAfter(now);
    }

    private static List<PendingEvent> awaited(SimulatedWakes wakes, Token token) {
        return wakes.log().stream()
                .filter(event ->
                        event.deviceId().equals(token.subscription().key().deviceId()))
                .map(event -> new PendingEvent(
                        event.offset(),
                        event.offset(),
                        event.writtenAt(),
                        event.event().getEventType().equals(SimulatedWakes.URGENT),
                        event.event().getPhysicalDeviceId()))
                .filter(event -> awaits(token, event))
                .toList();
    }

    /** What a poll of the token's consumer would get and has not acknowledged, if it is for the token's installation. */
    private static boolean awaits(Token token, PendingEvent event) {
        var settings = token.subscription().settings();
        var consumer = settings.getOrDefault("consumer", "");
        var own = settings.get("physicalDeviceId");
        var installation = event.physicalDeviceId();
        boolean isReceived = installation == null
                || ((consumer.isEmpty() || consumer.equals(installation)) && (own == null || own.equals(installation)));
        return isReceived
                && event.last() >= token.subscription().eventsFrom()
                && event.last() > token.acked().upTo()
                && !token.acked().individual().contains(event.last());
    }

    /** Time passes in which nothing happens. */
    private static void settle(SimulatedWakes wakes, SimulatedService service, MutableClock clock) {
        for (int step = 0; step < 300; step++) {
            wakes.pass(Duration.ofMinutes(10));
            wakes.read(STEPS);
            wakes.catchUp();
            send(wakes, service, clock);
        }
    }

    /** Each token has been sent a message that is not older than any event that it still awaits. */
    private static void assertNothingIsLost(SimulatedWakes wakes, SimulatedService service) {
        for (var token : wakes.tokens()) {
            var id = token.subscription().id();
            for (var event : awaited(wakes, token)) {
                assertThat(service.hasRefused(id, event.last())
                                || service.accepted().stream()
                                        .anyMatch(push -> push.wakeUp()
                                                        .subscription()
                                                        .equals(token.subscription())
                                                && push.wakeUp().newest().offset() >= event.last()))
                        .as("%s of %s", event, token)
                        .isTrue();
            }
        }
    }

    /** A token that replaces one that is broken gets what that one awaited. */
    private static void assertReplacementsLoseNothing(SimulatedWakes wakes, SimulatedService service) {
        for (var token : wakes.tokens()) {
            var id = token.subscription().id();
            wakes.states()
                    .resumeFrom(id)
                    .ifPresent(from -> assertThat(awaited(wakes, token))
                            .filteredOn(event -> !service.hasRejected(id, event.last()))
                            .allMatch(event -> event.first() >= from));
        }
    }

    /** In the life of an instance; each restart costs at most one message more. */
    private static void assertLimits(String device, String name, List<Push> pushes, List<Instant> restarts) {
        var rounds = pushes.stream()
                .filter(push -> push.deviceId().equals(device)
                        && push.wakeUp().subscription().key().name().equals(name))
                .map(Push::at)
                .toList();
        for (int i = 1; i < rounds.size(); i++) {
            var before = rounds.get(i - 1);
            var at = rounds.get(i);
            boolean hasRestarted =
                    restarts.stream().anyMatch(restart -> !restart.isBefore(before) && !restart.isAfter(at));
            assertThat(hasRestarted || !at.isBefore(before.plus(SETTINGS.interval())))
                    .as("%s after %s", at, before)
                    .isTrue();
        }
        for (int i = CAP; i < rounds.size(); i++) {
            // A day begins with the first message, so any 24 hours touch at most two.
            var first = rounds.get(Math.max(0, i - 2 * CAP));
            var at = rounds.get(i);
            boolean hasRestarted =
                    restarts.stream().anyMatch(restart -> !restart.isBefore(first) && !restart.isAfter(at));
            assertThat(i < 2 * CAP || hasRestarted || !at.isBefore(first.plus(Duration.ofHours(24))))
                    .isTrue();
        }
    }
}
