package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadPassTest {

    private static final int PARTITIONS = 12;

    private final MutableClock clock = new MutableClock();
    private final SlowListener listener = new SlowListener();
    private final ReadPass pass = new ReadPass(listener, clock);

    @Test
    void partitions_areReadTogether_whileThereIsTime() {
        listener.duration = Duration.ofSeconds(1);

        var result = pass.read(records());

        assertThat(result.left()).isEmpty();
        assertThat(result.failure()).isEmpty();
        assertThat(listener.read).hasSize(PARTITIONS);
    }

    /** As when the partitions to which each of them forwards accept nothing. */
    @Test
    void partitionsThatTakeLong_areLeftForTheNextPass_andComeFirstThere() {
        listener.duration = Duration.ofSeconds(20);

        var first = pass.read(records());
        var read = List.copyOf(listener.read);
        assertThat(first.left()).isNotEmpty().doesNotContainAnyElementsOf(read);
        assertThat(first.failure()).isEmpty();
        listener.read.clear();
        pass.read(records());

        assertThat(first.left()).containsAll(listener.read);
    }

    @Test
    void pass_isMuchShorterThanAConsumerMayTake() {
        // One that began just before the end may last as long as the longest call.
        listener.duration = ReadPass.MAX_TIME.minusMillis(1);
        var begin = clock.instant();

        pass.read(records());

        var limit = Objects.requireNonNull(
                ConsumerConfig.configDef().defaultValues().get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG));
        assertThat(Duration.between(begin, clock.instant()).multipliedBy(2))
                .isLessThan(Duration.ofMillis((Integer) limit));
    }

    private static Map<Integer, List<ConsumerRecord<String, byte[]>>> records() {
        var records = new HashMap<Integer, List<ConsumerRecord<String, byte[]>>>();
        IntStream.range(0, PARTITIONS)
                .forEach(partition -> records.put(
                        partition, List.of(new ConsumerRecord<>("events", partition, 0, "device", new byte[0]))));
        return records;
    }

    /** By its clock every call takes a while. */
    private final class SlowListener implements EventConsumer.Listener {

        private final List<Integer> read = new ArrayList<>();
        private Duration duration = Duration.ZERO;

        @Override
        public void read(int partition, List<ConsumerRecord<String, byte[]>> records) {
            read.add(partition);
            clock.advance(duration);
        }

        @Override
        public void assigned(Object consumer, int partition, Offsets offsets, boolean committed) {}

        @Override
        public void revoked(Object consumer, Collection<TopicPartition> partitions) {}

        @Override
        public Commit toCommit(int partition, long next) {
            return new Commit(new Offsets(next, next));
        }

        @Override
        public void retried() {}
    }
}
