package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionWakesTest {

    private static final WakeSettings SETTINGS = new WakeSettings(
            Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofHours(1), 1_000, Duration.ofDays(7), Set.of());

    private final MutableClock clock = new MutableClock();
    private final SimulatedService service = new SimulatedService(new Random(1), clock, 0);
    private final SimulatedWakes wakes = new SimulatedWakes(SETTINGS, clock, service);

    @Test
    void subscription_seenWhileItsEventIsRead_isWoken() {
        wakes.subscribe("device", "token", Map.of());
        wakes.append("device", false, null);

        wakes.read(1, () -> {
            wakes.pass(Duration.ZERO);
            wakes.catchUp();
        });
        wakes.catchUp();
        wakes.pass(Duration.ofSeconds(3));
        wakes.send();

        assertThat(service.accepted()).hasSize(1);
    }

    @Test
    void subscription_thatGoesOnWithOtherSettings_isWokenForWhatItDidNotAwait() {
        wakes.subscribe("device", "token", Map.of("physicalDeviceId", "two"));
        wakes.append("device", false, "one");
        wakes.pass(Duration.ofSeconds(3));
        wakes.catchUp();
        wakes.read(1);
        wakes.send();
        assertThat(service.accepted()).isEmpty();

        wakes.change("device", "token", Map.of("physicalDeviceId", "one"));
        wakes.catchUp();
        wakes.send();

        assertThat(service.accepted()).hasSize(1);
    }

    @Test
    void manyChanges_areLookedAtInParts() {
        subscribe(501);

        assertThat(wakes.catchUp()).isTrue();
        assertThat(wakes.states().stored()).hasSize(500);

        assertThat(wakes.catchUp()).isFalse();
        assertThat(wakes.states().stored()).hasSize(501);
    }

    @Test
    void changes_waitForTheNextCall_afterTheFirstFailedWrite() {
        subscribe(10);
        // The first state is read, and not written.
        wakes.states().failing(() -> wakes.states().uses() > 1);
        wakes.catchUp();
        assertThat(wakes.states().uses()).isEqualTo(2);

        wakes.states().failing(() -> false);
        wakes.catchUp();
        assertThat(wakes.states().stored()).hasSize(10);
    }

    @Test
    void brokenToken_isReplacedFromTheFirstEvent_thatItsDeviceWasNotWokenFor() {
        wakes.subscribe("device", "token", Map.of());
        wakes.append("device", false, null);
        wakes.acknowledge("device", "", true);
        wakes.append("device", false, null);
        wakes.append("device", false, null);
        wakes.pass(Duration.ofSeconds(3));
        wakes.catchUp();
        wakes.read(3);
        service.refuseTokens(true);
        wakes.send();

        wakes.catchUp();

        assertThat(wakes.states().resumeFrom("subscription-0")).hasValue(1);
    }

    @Test
    void tokenThatReplacesABrokenOne_isWokenForWhatWasRefused_afterRestarts() {
        // Given
        breakToken();
        wakes.restart();
        service.refuseTokens(false);

        // When
        wakes.subscribe("device", "token", Map.of());
        wakes.pass(Duration.ofSeconds(3));
        wakes.catchUp();
        // Before its offset is committed.
        wakes.restart();
        wakes.catchUp();
        wakes.send();

        // Then
        assertThat(service.accepted())
                .singleElement()
                .satisfies(push -> assertThat(push.wakeUp().newest().offset()).isZero());
        assertThat(wakes.states().stored()).containsExactly("subscription-0");
        wakes.append("other", false, null);
        wakes.read(1);
        wakes.catchUp();
        assertThat(wakes.states().stored()).containsExactly("subscription-1");
    }

    /** A state says that an instance which continues from the committed offset finds all events of the subscription. */
    @Test
    void stateOfASubscription_waitsForACommitThatSucceeds() {
        // Given
        breakToken();
        wakes.subscribe("device", "token", Map.of());
        wakes.pass(Duration.ofSeconds(3));
        wakes.catchUp();

        // When
        wakes.append("other", false, null);
        wakes.failNextCommit();
        wakes.read(1);
        wakes.catchUp();

        // Then
        assertThat(wakes.states().stored()).containsExactly("subscription-0");
        wakes.append("other", false, null);
        wakes.read(1);
        wakes.catchUp();
        assertThat(wakes.states().stored()).containsExactly("subscription-1");
    }

    @Test
    void messageThatIsBeingSent_isDueUntilItsOutcomeIsKnown() {
        wakes.subscribe("device", "token", Map.of());
        wakes.append("device", false, null);
        wakes.pass(Duration.ZERO);
        wakes.catchUp();
        wakes.read(1);
        var due = clock.instant().plus(SETTINGS.delay());
        clock.advance(Duration.ofSeconds(5));
        var partition = wakes.partition();
        assertThat(partition.dueSince()).hasValue(due);

        var wakeUp = partition.take(10).getFirst();
        assertThat(partition.dueSince()).hasValue(due);

        partition.sent("device", List.of(new SentWakeUp(wakeUp, new PushOutcome.Accepted())));
        assertThat(partition.dueSince()).isEmpty();
    }

    private void subscribe(int devices) {
        for (int i = 0; i < devices; i++) {
            wakes.subscribe("device-" + i, "token", Map.of());
        }
        wakes.pass(Duration.ZERO);
    }

    /** The token of "device" is refused until its subscription is broken; then an event of another device is read. */
    private void breakToken() {
        wakes.subscribe("device", "token", Map.of());
        wakes.append("device", false, null);
        wakes.pass(Duration.ofSeconds(3));
        wakes.catchUp();
        wakes.read(1);
        service.refuseTokens(true);
        wakes.send();
        for (int minute = 0; minute < 5; minute++) {
            wakes.catchUp();
            wakes.pass(Duration.ofMinutes(2));
        }
        wakes.append("other", false, null);
        wakes.read(1);
    }
}
