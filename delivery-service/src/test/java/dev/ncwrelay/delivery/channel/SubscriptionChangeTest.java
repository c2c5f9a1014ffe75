package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionChangeTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NOW = Instant.parse("2026-01-03T03:04:05Z");
    private static final int GENERATION = 7;
    private static final long EVENTS_END = 400;

    @Test
    void newSubscription_beginsAtTheEndOfTheEvents() {
        var change = SubscriptionChange.of(request(-1, Map.of("platform", "ios")), Optional.empty());

        assertThat(change)
                .isEqualTo(new SubscriptionChange.Begin(
                        new ChannelSubscription(
                                "device",
                                "fcm",
                                "phone",
                                "next",
                                9L,
                                GENERATION,
                                EVENTS_END,
                                NOW,
                                Map.of("platform", "ios")),
                        true));
    }

    @Test
    void newSubscription_doesNotBeginBeforeTheOwnership() {
        var change = SubscriptionChange.of(request(450, Map.of()), Optional.empty());

        assertThat(written(change).getEventsFrom()).isEqualTo(450);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "held", "of a later version"})
    void sameSubscription_changesNothing(String state) {
        var present = present(Map.of(), state(state, GENERATION, 300));

        assertThat(SubscriptionChange.of(request(-1, Map.of()), Optional.of(present)))
                .isEqualTo(new SubscriptionChange.None(present));
    }

    @Test
    void sameSubscription_thatIsPending_changesNothing() {
        var present = present(Map.of(), null);

        assertThat(SubscriptionChange.of(request(-1, Map.of()), Optional.of(present)))
                .isEqualTo(new SubscriptionChange.None(present));
    }

    @Test
    void brokenSubscription_beginsAnewWhereItEnded() {
        var present = present(Map.of(), state("broken", GENERATION, 300));

        var change = SubscriptionChange.of(request(-1, Map.of()), Optional.of(present));

        assertThat(change)
                .isInstanceOfSatisfying(
                        SubscriptionChange.Begin.class,
                        begin -> assertThat(begin.isNew()).isFalse());
        assertThat(written(change).getSubscriptionId()).isEqualTo("next");
        assertThat(written(change).getGeneration()).isEqualTo(GENERATION);
        assertThat(written(change).getEventsFrom()).isEqualTo(300);
        assertThat(written(change).getCreatedAt()).isEqualTo(NOW);
    }

    @Test
    void brokenSubscription_ofAnotherGeneration_beginsWithAllEvents() {
        var present = present(Map.of(), state("broken", GENERATION - 1, 300));

        var change = SubscriptionChange.of(request(-1, Map.of()), Optional.of(present));

        assertThat(written(change).getGeneration()).isEqualTo(GENERATION);
        assertThat(written(change).getEventsFrom()).isZero();
    }

    @Test
    void otherSettings_continueTheSubscription() {
        var present = present(Map.of("platform", "ios"), state("held", GENERATION, 300));

        var change = SubscriptionChange.of(request(-1, Map.of("platform", "android")), Optional.of(present));

        assertThat(change)
                .isEqualTo(new SubscriptionChange.Continue(ChannelSubscription.newBuilder(present.subscription())
                        .setSettings(Map.of("platform", "android"))
                        .build()));
    }

    @Test
    void change_doesNotShowTheSettings() {
        var secret = Map.of("token", "secret");
        var present = present(secret, null);

        assertThat(List.of(
                        request(-1, secret),
                        SubscriptionChange.of(request(-1, secret), Optional.empty()),
                        SubscriptionChange.of(request(-1, secret), Optional.of(present)),
                        SubscriptionChange.of(request(-1, Map.of()), Optional.of(present)),
                        SubscriptionChange.of(
                                request(-1, secret), Optional.of(present(secret, state("broken", GENERATION, 300))))))
                .allSatisfy(shown -> assertThat(shown.toString()).doesNotContain("secret"));
    }

    private static ChannelSubscription written(SubscriptionChange change) {
        assertThat(change).isInstanceOf(SubscriptionChange.Begin.class);
        return ((SubscriptionChange.Begin) change).subscription();
    }

    private static SubscriptionChange.Request request(long ownershipFrom, Map<String, String> settings) {
        var device = new RegisteredDevice("device", "wallet", "user", null, THEN, THEN, 9, ownershipFrom, null);
        return new SubscriptionChange.Request(
                device, "fcm", new ChannelSettings("phone", settings), GENERATION, EVENTS_END, "next", NOW);
    }

    private static SubscribedChannel present(Map<String, String> settings, @Nullable ChannelState state) {
        return new SubscribedChannel(
                new ChannelSubscription("device", "fcm", "phone", "present", 9L, GENERATION, 200L, THEN, settings),
                state);
    }

    private static ChannelState state(String name, int generation, long resumeFrom) {
        return new ChannelState(
                "device", "fcm", "phone", "present", name, generation, resumeFrom, null, THEN, "writer");
    }
}
