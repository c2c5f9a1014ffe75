package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceRoomTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final long EPOCH = 9;
    private static final int LIMIT = 3;

    @Test
    void room_isAvailable_belowTheLimit_andBrokenOnesStay() {
        assertThat(DeviceRoom.of(List.of(active("a"), broken("b", 1)), EPOCH, LIMIT))
                .isEqualTo(new DeviceRoom.Available(List.of()));
    }

    @Test
    void room_isFull_whenNoneIsBroken() {
        assertThat(DeviceRoom.of(List.of(active("a"), active("b"), active("c")), EPOCH, LIMIT))
                .isEqualTo(new DeviceRoom.Full());
    }

    @Test
    void oneThatWasBrokenForLongest_makesRoom() {
        var longest = broken("b", 1);

        assertThat(DeviceRoom.of(List.of(broken("a", 2), longest, active("c")), EPOCH, LIMIT))
                .isEqualTo(new DeviceRoom.Available(List.of(longest)));
    }

    @Test
    void thoseOfFormerOwners_areRemoved_andTakeNoRoom() {
        var former = channel("f", EPOCH - 1, null);

        assertThat(DeviceRoom.of(List.of(active("a"), former, active("b")), EPOCH, LIMIT))
                .isEqualTo(new DeviceRoom.Available(List.of(former)));
    }

    /** Subscriptions may be more than the limit, after concurrent changes or with another limit. */
    @Test
    void room_keepsTheLimit_andEveryOneThatIsNotBroken() {
        var random = new Random(7);
        for (int trial = 0; trial < 5_000; trial++) {
            // Given
            var others = IntStream.range(0, random.nextInt(8))
                    .mapToObj(index -> any(Integer.toString(index), random))
                    .toList();

            // When
            var room = DeviceRoom.of(others, EPOCH, LIMIT);

            // Then
            var working = others.stream()
                    .filter(other -> isPresent(other) && !other.isBroken())
                    .toList();
            switch (room) {
                case DeviceRoom.Full() -> assertThat(working).hasSizeGreaterThanOrEqualTo(LIMIT);
                case DeviceRoom.Available(var removed) -> {
                    var kept = new ArrayList<>(others);
                    kept.removeAll(removed);
                    assertThat(kept).hasSizeLessThan(LIMIT).containsAll(working);
                    assertThat(kept).allMatch(DeviceRoomTest::isPresent);
                    boolean isNeeded = kept.size() == LIMIT - 1;
                    assertThat(removed).allMatch(one -> !isPresent(one) || (isNeeded && one.isBroken()));
                }
            }
        }
    }

    private static SubscribedChannel any(String name, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> active(name);
            case 1 -> channel(name, EPOCH, null);
            case 2 -> channel(name, EPOCH - 1, null);
            default -> broken(name, random.nextInt(100));
        };
    }

    private static boolean isPresent(SubscribedChannel channel) {
        return channel.subscription().getEpoch() == EPOCH;
    }

    private static SubscribedChannel active(String name) {
        return channel(name, EPOCH, state(name, "active", 0));
    }

    private static SubscribedChannel broken(String name, int minutes) {
        return channel(name, EPOCH, state(name, "broken", minutes));
    }

    private static SubscribedChannel channel(String name, long epoch, @Nullable ChannelState state) {
        var subscription = new ChannelSubscription("device", "fcm", name, "id-" + name, epoch, 7, 100L, THEN, Map.of());
        return new SubscribedChannel(subscription, state);
    }

    private static ChannelState state(String name, String state, int minutes) {
        var since = THEN.plusSeconds(60L * minutes);
        return new ChannelState("device", "fcm", name, "id-" + name, state, 7, 100L, null, since, "writer");
    }
}
