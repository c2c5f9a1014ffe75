package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
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

    private void ends(long first, long second) {
        reader.updateEndOffsets(Map.of(
                new TopicPartition(Topics.DEVICE_EVENTS.name(), 0), first,
                new TopicPartition(Topics.DEVICE_EVENTS.name(), 1), second));
    }
}
