package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HeldPartitionsTest {

    private static final TopicPartition ONE = new TopicPartition("ncw.client.tenant.acme", 1);
    private static final TopicPartition TWO = new TopicPartition("ncw.client.tenant.acme", 2);

    private final MutableClock clock = new MutableClock();
    private final HeldPartitions held = new HeldPartitions(new Offsets(0, 0), clock);

    @Test
    void refusedEvent_holdsThoseAfterIt_ofItsPartitionAlone() {
        held.refused(ONE, 10, "no leader");

        assertThat(held.covers(ONE, 9)).isFalse();
        assertThat(held.covers(ONE, 10)).isTrue();
        assertThat(held.covers(TWO, 10)).isFalse();
        assertThat(held.reasons()).isEqualTo(Map.of(ONE, "no leader"));
    }

    @Test
    void pause_doublesUpToAMinute_andBeginsAnewAfterSomethingWasAccepted() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
            held.refused(ONE, 10, "no leader");
            clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(held.due()).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(held.due()).isEqualTo(Map.of(ONE, 10L));
        }

        held.forwarded(ONE, 15);
        assertThat(held.due()).isEqualTo(Map.of(ONE, 15L));
        assertThat(held.reasons()).isEmpty();
        held.refused(ONE, 15, "no leader");
        clock.advance(Duration.ofSeconds(1));
        assertThat(held.due()).isEqualTo(Map.of(ONE, 15L));
    }

    @Test
    void partition_isReleased_whenNothingWaitsForIt() {
        held.refused(ONE, 10, "no leader");
        held.refused(TWO, 12, "no leader");
        held.forwarded(ONE, 20);

        held.release(20);

        assertThat(held.targets()).containsExactly(TWO);
    }

    @Test
    void instanceThatContinues_knowsWhatWaits() {
        held.refused(ONE, 10, "no leader");
        held.refused(TWO, 12, "no leader");

        var offsets = held.offsets(30);

        assertThat(offsets.from()).isEqualTo(10);
        assertThat(offsets.next()).isEqualTo(30);
        assertThat(new HeldPartitions(offsets, clock).due()).isEqualTo(Map.of(ONE, 10L, TWO, 12L));
    }

    @Test
    void withoutAnythingThatWaits_theNextOffsetIsCommitted() {
        assertThat(held.offsets(30)).isEqualTo(new Offsets(30, 30));
    }
}
