package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReadLagTest {

    private final MutableClock clock = new MutableClock();
    private final ReadLag lag = new ReadLag(clock);
    private final MockConsumer<String, byte[]> reader = new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());

    @Test
    void records_areThoseOfAssignedPartitionsThatAreNotRead() {
        ends(100, 50);
        lag.assigned(0, 90);
        lag.assigned(1, 20);
        assertThat(lag.records()).isZero();

        lag.measure(reader);
        assertThat(lag.records()).isEqualTo(40);

        lag.read(1, 45);
        lag.read(1, 30);
        assertThat(lag.records()).isEqualTo(15);

        lag.revoked(0);
        lag.read(0, 1);
        assertThat(lag.records()).isEqualTo(5);
    }

    @Test
    void records_followTheEndsOncePerSecond_andAreNeverNegative() {
        ends(10, 0);
        lag.assigned(0, 10);
        lag.measure(reader);

        ends(30, 0);
        lag.measure(reader);
        assertThat(lag.records()).isZero();
        clock.advance(Duration.ofSeconds(1));
        lag.measure(reader);
        assertThat(lag.records()).isEqualTo(20);

        lag.read(0, 40);
        assertThat(lag.records()).isZero();
    }

    @Test
    void endsThatCannotBeRead_keepTheLastOnes_andAreNotAskedForAgainAtOnce() {
        var slow = new SlowConsumer();
        ends(10, 0);
        lag.assigned(0, 0);
        lag.measure(reader);
        clock.advance(Duration.ofSeconds(1));

        lag.measure(slow);
        lag.measure(slow);
        assertThat(lag.records()).isEqualTo(10);
        assertThat(slow.attempts).isEqualTo(1);

        ends(30, 0);
        clock.advance(Duration.ofSeconds(1));
        lag.measure(reader);
        assertThat(lag.records()).isEqualTo(30);
    }

    /** A partition has no leader: each look takes its whole time. */
    private final class SlowConsumer extends MockConsumer<String, byte[]> {

        private int attempts;

        private SlowConsumer() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            return endOffsets(partitions, Duration.ofMinutes(1));
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            attempts++;
            assertThat(timeout).isLessThan(Duration.ofSeconds(3));
            clock.advance(timeout);
            throw new TimeoutException("of a test");
        }
    }

    private void ends(long first, long second) {
        reader.updateEndOffsets(Map.of(
                new TopicPartition(Topics.DEVICE_EVENTS.name(), 0), first,
                new TopicPartition(Topics.DEVICE_EVENTS.name(), 1), second));
    }
}
