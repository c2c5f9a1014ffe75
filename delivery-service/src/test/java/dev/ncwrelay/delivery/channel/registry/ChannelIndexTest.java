package dev.ncwrelay.delivery.channel.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelIndexTest {

    private static final ChannelKey KEY = new ChannelKey("device", "rabbitmq", "");
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = Instant.parse("2026-01-02T03:05:05Z");

    private final ChannelIndex index = new ChannelIndex();

    @Test
    void subscription_isPending_untilItHasAState() {
        index.put(KEY.recordKey(), subscription("one", 1));

        assertThat(found()).hasValueSatisfying(channel -> {
            assertThat(channel.stateName()).isEqualTo("pending");
            assertThat(channel.since()).isEqualTo(THEN);
            assertThat(channel.reason()).isEmpty();
            assertThat(channel.isBroken()).isFalse();
        });
    }

    @Test
    void state_isShown_alsoWhenItIsReadBeforeItsSubscription() {
        index.putState(KEY.recordKey(), state("one", "broken"));
        index.put(KEY.recordKey(), subscription("one", 1));

        assertThat(found()).hasValueSatisfying(channel -> {
            assertThat(channel.stateName()).isEqualTo("broken");
            assertThat(channel.since()).isEqualTo(LATER);
            assertThat(channel.reason()).contains("queue is gone");
            assertThat(channel.isBroken()).isTrue();
        });
    }

    @Test
    void state_ofAnotherSubscription_isIgnored() {
        index.putState(KEY.recordKey(), state("one", "broken"));
        index.put(KEY.recordKey(), subscription("two", 1));

        assertThat(found())
                .hasValueSatisfying(channel -> assertThat(channel.stateName()).isEqualTo("pending"));
    }

    @Test
    void removedState_isPendingAgain() {
        index.put(KEY.recordKey(), subscription("one", 1));
        index.putState(KEY.recordKey(), state("one", "active"));
        index.removeState(KEY.recordKey());

        assertThat(found())
                .hasValueSatisfying(channel -> assertThat(channel.stateName()).isEqualTo("pending"));
    }

    @Test
    void removedSubscription_isNotFound() {
        index.put(KEY.recordKey(), subscription("one", 1));
        index.remove(KEY.recordKey(), 3, 17);

        assertThat(found()).isEmpty();
        assertThat(index.size()).isZero();
        assertThat(index.removedAt(3, 17))
                .hasValueSatisfying(
                        removed -> assertThat(removed.getSubscriptionId()).isEqualTo("one"));
        assertThat(index.removedAt(3, 16)).isEmpty();
        assertThat(index.removedAt(2, 17)).isEmpty();
    }

    @Test
    void tombstone_thatRemovesNothing_isNotRemembered() {
        index.remove(KEY.recordKey(), 3, 17);

        assertThat(index.removedAt(3, 17)).isEmpty();
    }

    @Test
    void tombstone_thatIsReadAgain_stillSaysWhatItHasRemoved() {
        index.put(KEY.recordKey(), subscription("one", 1));
        index.remove(KEY.recordKey(), 3, 17);
        index.remove(KEY.recordKey(), 3, 17);

        assertThat(index.removedAt(3, 17)).isPresent();
    }

    @Test
    void subscriptionsOfADevice_areThoseOfItsKind_withTheirStates() {
        // Given
        for (var key : List.of(
                new ChannelKey("device", "fcm", "a"),
                new ChannelKey("device", "fcm", "b"),
                new ChannelKey("device", "fcm2", "c"),
                new ChannelKey("device", "rabbitmq", ""),
                new ChannelKey("device-2", "fcm", "d"),
                new ChannelKey("devic", "fcm", "e"))) {
            index.put(key.recordKey(), subscription(key, key.name(), 1));
        }
        index.putState(new ChannelKey("device", "fcm", "b").recordKey(), state("b", "broken"));

        // When
        var found = index.find("device", "fcm").toList();

        // Then
        assertThat(found)
                .extracting(channel -> channel.subscription().getName())
                .containsExactly("a", "b");
        assertThat(found).extracting(SubscribedChannel::stateName).containsExactly("pending", "broken");
        assertThat(index.find("device", "rabbitmq")).hasSize(1);
        assertThat(index.find("nobody", "fcm")).isEmpty();
        assertThat(index.ofDevice("device"))
                .extracting(ChannelSubscription::getKind)
                .containsExactly("fcm", "fcm", "fcm2", "rabbitmq");
    }

    @Test
    void subscription_doesNotShowItsSettings() {
        var subscription =
                new ChannelSubscription("device", "fcm", "phone", "one", 1L, 7, 100L, THEN, Map.of("token", "secret"));

        assertThat(new SubscribedChannel(subscription, null).toString())
                .contains("phone")
                .doesNotContain("secret");
    }

    @Test
    void subscriptionOfAnEarlierOwnership_doesNotReplaceALaterOne() {
        index.put(KEY.recordKey(), subscription("of the present owner", 2));
        index.put(KEY.recordKey(), subscription("of the former owner", 1));

        assertThat(found())
                .hasValueSatisfying(channel ->
                        assertThat(channel.subscription().getSubscriptionId()).isEqualTo("of the present owner"));
    }

    private Optional<SubscribedChannel> found() {
        return index.find(KEY);
    }

    private static ChannelSubscription subscription(String id, long epoch) {
        return subscription(KEY, id, epoch);
    }

    private static ChannelSubscription subscription(ChannelKey key, String id, long epoch) {
        return new ChannelSubscription(key.deviceId(), key.kind(), key.name(), id, epoch, 7, 100L, THEN, Map.of());
    }

    private static ChannelState state(String id, String state) {
        return new ChannelState("device", "rabbitmq", "", id, state, 7, 120L, "queue is gone", LATER, "writer");
    }
}
