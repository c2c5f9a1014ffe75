package dev.ncwrelay.kafka.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where a tail starts to read. */
public sealed interface TailStart {

    /** Positions the consumer in these partitions. */
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

    /** At the first record, for topics of which every key is needed. */
    record Beginning() implements TailStart {

        @Override
        public void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            consumer.seekToBeginning(partitions);
        }
    }

    /** At the first record that is not older than this, or at the end if there is none. */
    record Ago(Duration age) implements TailStart {

        @Override
        public void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            consumer.seekToEnd(partitions);
            // Resolves the end before the lookup, so that records written meanwhile are read in any case.
            partitions.forEach(consumer::position);
            long since = Instant.now().minus(age).toEpochMilli();
            var wanted = partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> since));
            consumer.offsetsForTimes(wanted).forEach((partition, found) -> {
                if (found != null) {
                    consumer.seek(partition, found.offset());
                }
            });
        }
    }
}
