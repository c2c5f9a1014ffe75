package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceWakesTest {

    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final RegisteredDevice DEVICE =
            new RegisteredDevice("device", "wallet", "user", null, T, T, 7, -1, null);
    private static final Subscription SUBSCRIPTION =
            new Subscription(new ChannelKey("device", "fcm", "token"), "id", 3, 0, DEVICE, Map.of());
    private static final Token TOKEN = new Token(SUBSCRIPTION, AckedOffsets.NONE);

    @Test
    void device_isWokenAfterTheDelay_thenAfterTwiceTheTime_untilOnceAnHour() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));

        var ages = new ArrayList<Long>();
        for (int i = 0; i < 12; i++) {
            var at = device.nextAt(List.of(TOKEN)).orElseThrow();
            ages.add(Duration.between(T, at).toSeconds());
            accepted(device, at);
        }

        assertThat(ages)
                .containsExactly(3L, 33L, 66L, 132L, 264L, 528L, 1_056L, 2_112L, 4_224L, 7_824L, 11_424L, 15_024L);
    }

    @Test
    void acknowledgement_ofOtherEvents_postponesByTheDelay_andOfAllEndsIt() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));
        device.add(event(11, 1, false, null));

        var other = token(AckedOffsets.of(-1, Set.of(11L), T.plusSeconds(2)));
        assertThat(device.nextAt(List.of(other))).hasValue(T.plusSeconds(5));

        var all = token(AckedOffsets.of(11, Set.of(), T.plusSeconds(2)));
        assertThat(device.nextAt(List.of(all))).isEmpty();
        device.forgetServed(List.of(all), T);
        assertThat(device.lowest()).isEmpty();
    }

    @Test
    void urgentEvent_doesNotWaitBehindOthers() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));
        accepted(device, T.plusSeconds(3_000));
        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(6_000));

        device.add(event(11, 3_010, true, null));

        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(3_030));
    }

    @Test
    void newEvent_doesNotShortenThePauseOfAnUnacknowledgedOne() {
        var device = device(1_000);
        device.add(event(10, 0, true, null));
        accepted(device, T.plusSeconds(3_000));

        device.add(event(11, 3_010, true, null));

        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(6_000));
    }

    @Test
    void dailyCap_endsTheDay() {
        var device = device(2);
        device.add(event(10, 0, false, null));
        accepted(device, T.plusSeconds(3));
        accepted(device, T.plusSeconds(33));

        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(3).plus(Duration.ofHours(24)));
    }

    @Test
    void eventForAnInstallation_wakesItsTokenAlone_andTheNewestIsInTheMessage() {
        var device = device(1_000);
        device.add(event(10, 0, true, "one"));
        device.add(event(11, 0, false, null));
        var one = new Token(with(Map.of("physicalDeviceId", "one")), AckedOffsets.NONE);
        var two = new Token(with(Map.of("physicalDeviceId", "two")), AckedOffsets.NONE);

        assertThat(device.wakeUps(List.of(one, two), 5, T.plusSeconds(3)))
                .containsExactly(
                        new WakeUp(one.subscription(), new Cursor(3, 7, 5, 11), true),
                        new WakeUp(two.subscription(), new Cursor(3, 7, 5, 11), false));
    }

    @Test
    void eventsBeforeTheSubscription_orTooOld_wakeNothing() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));
        var later = new Token(new Subscription(SUBSCRIPTION.key(), "id", 3, 11, DEVICE, Map.of()), AckedOffsets.NONE);

        assertThat(device.nextAt(List.of(later))).isEmpty();
        device.forgetServed(List.of(TOKEN), T.plus(Duration.ofDays(7)).plusSeconds(1));
        assertThat(device.lowest()).isEmpty();
    }

    @Test
    void rejectedMessage_isNotRepeated_butTheNextEventIsSent_andATokenThatIsGoneGetsNothing() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));
        sent(device, new PushOutcome.Rejected("ours"), T.plusSeconds(3));
        assertThat(device.nextAt(List.of(TOKEN))).isEmpty();

        device.add(event(11, 4, false, null));
        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(7));

        sent(device, new PushOutcome.TokenGone("gone"), T.plusSeconds(33));
        device.add(event(12, 34, false, null));
        assertThat(device.nextAt(List.of(TOKEN))).isEmpty();
    }

    @Test
    void newToken_doesNotWait_afterMessagesThatReachedNothing() {
        var device = device(1);
        device.add(event(10, 0, false, null));
        sent(device, new PushOutcome.TokenGone("gone"), T.plusSeconds(3_000));
        var next = new Token(new Subscription(SUBSCRIPTION.key(), "next", 3, 0, DEVICE, Map.of()), AckedOffsets.NONE);

        assertThat(device.nextAt(List.of(next)).orElseThrow()).isBeforeOrEqualTo(T.plusSeconds(3_000));
    }

    @Test
    void postponedMessage_waitsAsLongAsTheServiceAsks_thenTwiceAsLong_andIsNoMessage() {
        var device = device(1);
        device.add(event(10, 0, false, null));

        sent(device, new PushOutcome.Postponed("quota", Duration.ofSeconds(90)), T.plusSeconds(3));
        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(93));

        sent(device, new PushOutcome.Postponed("quota", Duration.ofSeconds(90)), T.plusSeconds(93));
        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(273));

        sent(device, new PushOutcome.Postponed("quota", Duration.ofHours(2)), T.plusSeconds(273));
        assertThat(device.nextAt(List.of(TOKEN))).hasValue(T.plusSeconds(273).plus(Duration.ofHours(2)));
    }

    @Test
    void tokenThatIsPostponed_isSentItsMessageOfTheRound_afterItsOwnTime_andWaitsForTheIntervalThen() {
        var device = device(1_000);
        device.add(event(10, 0, false, null));
        var one = named("one");
        var two = named("two");
        var both = List.of(one, two);

        device.wakeUps(both, 0, T.plusSeconds(3_000));
        device.sent(List.of(accepted(one), postponed(two, 5)), T.plusSeconds(3_000));
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(3_005));
        assertThat(device.wakeUps(both, 0, T.plusSeconds(3_005)))
                .extracting(WakeUp::subscription)
                .containsExactly(two.subscription());
        device.sent(List.of(postponed(two, 2_980)), T.plusSeconds(3_005));
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(6_000));

        // The next round does not wait for it, nor does it get two messages.
        device.wakeUps(both, 0, T.plusSeconds(6_000));
        device.sent(List.of(accepted(one)), T.plusSeconds(6_000));
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(6_605));
        device.wakeUps(both, 0, T.plusSeconds(6_605));
        device.sent(List.of(accepted(two)), T.plusSeconds(6_605));
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(9_600));
    }

    @Test
    void messagesOfOneRound_areOneInTheDay() {
        var device = device(2);
        device.add(event(10, 0, false, null));
        var one = named("one");
        var two = named("two");
        var both = List.of(one, two);
        device.wakeUps(both, 0, T.plusSeconds(3));
        device.sent(List.of(accepted(one), postponed(two, 5)), T.plusSeconds(3));
        device.wakeUps(both, 0, T.plusSeconds(8));
        device.sent(List.of(accepted(two)), T.plusSeconds(8));

        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(33));
        device.wakeUps(both, 0, T.plusSeconds(33));
        device.sent(List.of(accepted(one)), T.plusSeconds(33));
        // Its interval is not over in the round.
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(38));
        device.wakeUps(both, 0, T.plusSeconds(38));
        device.sent(List.of(accepted(two)), T.plusSeconds(38));
        assertThat(device.nextAt(both)).hasValue(T.plusSeconds(3).plus(Duration.ofHours(24)));
    }

    @Test
    void manyEvents_areKeptAsFew_andNoneIsForgotten() {
        var device = device(1_000);
        for (int offset = 0; offset < 1_000; offset++) {
            device.add(event(offset, offset, offset == 5, null));
        }
        var allButTheLast = token(AckedOffsets.of(998, Set.of(), T));

        assertThat(device.lowest()).hasValue(0L);
        assertThat(device.wakeUps(List.of(TOKEN), 0, T.plusSeconds(2_000)))
                .singleElement()
                .satisfies(wakeUp -> {
                    assertThat(wakeUp.urgent()).isTrue();
                    assertThat(wakeUp.newest().offset()).isEqualTo(999);
                });
        device.forgetServed(List.of(allButTheLast), T.plusSeconds(2_000));
        assertThat(device.lowest()).hasValue(999L);
    }

    @Test
    void eventsKeptAsOne_stayWhole_whenOneOfThemIsReadAgain() {
        var device = device(1_000);
        for (int offset = 0; offset < 1_000; offset++) {
            device.add(event(offset, offset, false, null));
        }

        device.add(event(1, 1, false, null));
        device.forgetServed(List.of(token(AckedOffsets.of(2, Set.of(), T))), T.plusSeconds(2_000));

        assertThat(device.lowest()).hasValue(0L);
    }

    private static DeviceWakes device(int cap) {
        var settings = new WakeSettings(
                Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofHours(1), cap, Duration.ofDays(7), Set.of());
        return new DeviceWakes("device", settings);
    }

    private static void sent(DeviceWakes device, PushOutcome outcome, Instant at) {
        var wakeUp = device.wakeUps(List.of(TOKEN), 0, at).getFirst();
        device.sent(List.of(new SentWakeUp(wakeUp, outcome)), at);
    }

    private static void accepted(DeviceWakes device, Instant at) {
        sent(device, new PushOutcome.Accepted(), at);
    }

    private static PendingEvent event(long offset, long seconds, boolean urgent, @Nullable String physicalDeviceId) {
        return new PendingEvent(offset, offset, T.plusSeconds(seconds), urgent, physicalDeviceId);
    }

    private static Token token(AckedOffsets acked) {
        return new Token(SUBSCRIPTION, acked);
    }

    private static Token named(String name) {
        var key = new ChannelKey("device", "fcm", name);
        return new Token(new Subscription(key, "id-" + name, 3, 0, DEVICE, Map.of()), AckedOffsets.NONE);
    }

    private static SentWakeUp accepted(Token token) {
        return sent(token, new PushOutcome.Accepted());
    }

    private static SentWakeUp postponed(Token token, int seconds) {
        return sent(token, new PushOutcome.Postponed("quota", Duration.ofSeconds(seconds)));
    }

    private static SentWakeUp sent(Token token, PushOutcome outcome) {
        return new SentWakeUp(new WakeUp(token.subscription(), new Cursor(3, 7, 0, 10), false), outcome);
    }

    private static Subscription with(Map<String, String> settings) {
        return new Subscription(SUBSCRIPTION.key(), "id", 3, 0, DEVICE, settings);
    }
}
