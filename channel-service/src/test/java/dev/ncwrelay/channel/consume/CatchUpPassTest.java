package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CatchUpPassTest {

    private static final int PARTITIONS = 8;

    private final MutableClock clock = new MutableClock();
    private final List<Integer> called = new ArrayList<>();
    private final Set<Integer> failing = new HashSet<>();
    private final CatchUpPass pass =
            new CatchUpPass(PARTITIONS, number -> Optional.of(new NumberedPartition(number)), clock);
    private Duration duration = Duration.ZERO;

    @Test
    void partitionsThatFail_delayNoOther() {
        failing.addAll(List.of(2, 5));

        assertThatThrownBy(pass::run).hasMessage("partition 2");

        assertThat(called).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void eachPass_beginsWithAnotherPartition() {
        pass.run();
        called.clear();

        assertThat(pass.run()).isFalse();

        assertThat(called).containsExactly(1, 2, 3, 4, 5, 6, 7, 0);
    }

    @Test
    void passThatTakesLong_goesOnWhereItEnded() {
        duration = Duration.ofSeconds(3);
        boolean more = pass.run();
        var first = List.copyOf(called);

        pass.run();

        assertThat(more).isTrue();
        assertThat(first).isNotEmpty().hasSizeLessThan(PARTITIONS);
        assertThat(called.subList(0, first.size() + 1)).containsExactly(0, 1, 2);
    }

    /** Takes time, or fails, as the test says. */
    private final class NumberedPartition implements AssignedPartition {

        private final int number;

        NumberedPartition(int number) {
            this.number = number;
        }

        @Override
        public void read(List<ConsumerRecord<String, byte[]>> records) {}

        @Override
        public void changed(ChannelKey key) {}

        @Override
        public boolean catchUp() {
            called.add(number);
            clock.advance(duration);
            if (failing.contains(number)) {
                throw new IllegalStateException("partition " + number);
            }
            return false;
        }

        @Override
        public void close() {}
    }
}
