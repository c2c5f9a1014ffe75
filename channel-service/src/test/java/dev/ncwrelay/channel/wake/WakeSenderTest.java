package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.testkit.time.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WakeSenderTest {

    private static final WakeSettings SETTINGS = new WakeSettings(
            Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofHours(1), 1_000, Duration.ofDays(7), Set.of());

    private final MutableClock clock = new MutableClock();
    private final AwayService service = new AwayService();
    private final SimulatedWakes wakes = new SimulatedWakes(SETTINGS, clock, service);

    @Test
    void serviceThatAcceptsNothing_isAttemptedLessAndLess_andThenGetsAll() {
        publish(100);

        pass(Duration.ofHours(1));
        assertThat(service.batches).hasSizeBetween(5, 15);

        service.trouble = Set.of();
        pass(Duration.ofMinutes(20));
        assertThat(service.accepted).hasSize(100);
    }

    @Test
    void serviceThatAsksForAnHour_isAttemptedAboutOnceAnHour() {
        service.pause = Duration.ofHours(1);
        publish(100);

        pass(Duration.ofHours(13));

        // Up to a fifth later each time.
        assertThat(service.batches).hasSizeBetween(11, 13);
    }

    @Test
    void troubleOfOneDevice_doesNotHoldBackTheOthers() {
        service.trouble = Set.of("device-0");
        publish(1);
        pass(Duration.ofMinutes(5));

        publish(3);
        pass(Duration.ofSeconds(5));

        assertThat(service.accepted).containsExactlyInAnyOrder("device-1", "device-2");
    }

    @Test
    void partitionWithManyMessages_doesNotHoldBackTheOthers() {
        service.trouble = Set.of();
        var other = new SimulatedWakes(SETTINGS, clock, service);
        publish(wakes, "of-many-", 2 * PushService.MAX_MESSAGES);
        publish(other, "alone-", 1);
        var all = List.of(wakes.partition(), other.partition());
        var sender = new WakeSender(
                service, () -> all, new ChannelMetrics(new SimpleMeterRegistry(), service.kind()), clock);
        clock.advance(SETTINGS.delay());

        sender.sendBatch();
        assertThat(service.accepted).hasSize(PushService.MAX_MESSAGES).doesNotContain("alone-0");
        sender.sendBatch();
        assertThat(service.accepted).contains("alone-0");
    }

    @Test
    void platformThatIsRefused_holdsBackNoOther_andShowsInHealth_untilItAcceptsAgain() {
        service.trouble = Set.of();
        service.refusedPlatform = "ios";
        publish(wakes, "phone-", 100, "ios");
        pass(Duration.ofSeconds(3));
        assertThat(service.batches).containsExactly(100);

        publish(wakes, "other-", 3, "android");
        pass(Duration.ofSeconds(5));
        assertThat(service.accepted).containsExactlyInAnyOrder("other-0", "other-1", "other-2");
        assertThat(wakes.failure()).hasValue("ios: check the key");
        // The next batch has other platforms alone.
        wakes.append("other-0", false, null);
        wakes.read(1);
        pass(Duration.ofSeconds(40));
        assertThat(service.accepted).hasSizeGreaterThan(3);
        assertThat(wakes.failure()).hasValue("ios: check the key");

        service.refusedPlatform = "";
        pass(Duration.ofMinutes(10));
        assertThat(wakes.failure()).isEmpty();
        assertThat(service.accepted).contains("phone-99");
    }

    @Test
    void failure_isThatOfAService_thatAcceptsNoMessage() {
        service.check = Optional.of("no access");
        publish(2);
        wakes.send();
        assertThat(wakes.failure()).contains("no access");

        // Before the next check.
        service.check = Optional.empty();
        service.trouble = Set.of("device-0");
        pass(Duration.ofSeconds(3));
        assertThat(service.accepted).containsOnly("device-1");
        assertThat(wakes.failure()).isEmpty();

        service.trouble = Set.of("all");
        pass(Duration.ofMinutes(1));
        assertThat(wakes.failure()).contains("away");
    }

    private void publish(int devices) {
        publish(wakes, "device-", devices);
    }

    private static void publish(SimulatedWakes wakes, String prefix, int devices) {
        publish(wakes, prefix, devices, "android");
    }

    private static void publish(SimulatedWakes wakes, String prefix, int devices, String platform) {
        for (int i = 0; i < devices; i++) {
            wakes.subscribe(prefix + i, "token", Map.of("platform", platform));
            wakes.append(prefix + i, false, null);
        }
        wakes.pass(Duration.ZERO);
        wakes.read(Integer.MAX_VALUE / 2);
        while (wakes.catchUp()) {}
    }

    private void pass(Duration time) {
        for (int i = 0; i < time.toSeconds(); i++) {
            wakes.pass(Duration.ofSeconds(1));
            wakes.send();
        }
    }

    /** Does not accept messages for some devices, at first for none. */
    private static final class AwayService implements PushService {

        private final List<Integer> batches = new ArrayList<>();
        private final List<String> accepted = new ArrayList<>();
        private Set<String> trouble = Set.of("all");
        private Optional<String> check = Optional.empty();
        private Duration pause = Duration.ofSeconds(10);
        private String refusedPlatform = "";

        @Override
        public String kind() {
            return SimulatedService.KIND;
        }

        @Override
        public List<PushOutcome> send(List<WakeUp> messages) {
            batches.add(messages.size());
            return messages.stream().map(this::outcome).toList();
        }

        @Override
        public Optional<String> check() {
            return check;
        }

        private PushOutcome outcome(WakeUp message) {
            var device = message.subscription().key().deviceId();
            if (trouble.contains(device) || trouble.contains("all")) {
                return new PushOutcome.Postponed("away", pause);
            }
            if (refusedPlatform.equals(message.subscription().settings().get("platform"))) {
                return new PushOutcome.PlatformRefused("check the key", pause);
            }
            accepted.add(device);
            return new PushOutcome.Accepted();
        }
    }
}
