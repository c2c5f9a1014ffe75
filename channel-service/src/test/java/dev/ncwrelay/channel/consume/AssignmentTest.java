package dev.ncwrelay.channel.consume;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    private static final int PARTITIONS = 5;

    private final CyclicBarrier all = new CyclicBarrier(PARTITIONS);
    private final AtomicInteger stopped = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Each may wait for what is on its way, and to store it: one after the other would take minutes, in a rebalance. */
    @Test
    void partitionsThatAreGivenUp_waitTogether() {
        var assignments =
                IntStream.range(0, PARTITIONS).mapToObj(_ -> assignment()).toList();

        assertThat(runAsync(
                        () -> Assignment.closeAll(assignments),
                        task -> Thread.ofVirtual().start(task)))
                .succeedsWithin(Duration.ofSeconds(20));

        assertThat(closed).hasValue(PARTITIONS);
    }

    @Test
    void partitionThatIsNotLoaded_isNotWaitedFor() {
        Assignment.closeAll(List.of(Assignment.<WaitingPartition>at(this, new Offsets(0, 0), true)));

        assertThat(closed).hasValue(0);
    }

    private Assignment<WaitingPartition> assignment() {
        var assignment = Assignment.<WaitingPartition>at(this, new Offsets(0, 0), true);
        assignment.partition().complete(new WaitingPartition());
        return assignment;
    }

    /** Is closed when all others are about to be, and all are stopped. */
    private final class WaitingPartition implements AssignedPartition {

        @Override
        public void read(List<ConsumerRecord<String, byte[]>> records) {}

        @Override
        public void changed(ChannelKey key) {}

        @Override
        public boolean catchUp() {
            return false;
        }

        @Override
        public void stop() {
            stopped.incrementAndGet();
        }

        @Override
        public void close() {
            assertThat(stopped).hasValue(PARTITIONS);
            try {
                all.await();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            closed.incrementAndGet();
        }
    }
}
