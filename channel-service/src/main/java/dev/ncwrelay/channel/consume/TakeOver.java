package dev.ncwrelay.channel.consume;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Positions the consumers at the partitions assigned to them. The client regards a partition as assigned whatever happens
 * here, and a cooperative assignor names it only once: so what fails is remembered, and tried again after the rebalance that it
 * asks for, of which the client tells even when no partition is new.
 */
final class TakeOver {

    private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

    private final String kind;
    private final EventConsumer.Listener listener;

    /** Assigned to some consumer, and not known to the listener. */
    private final Set<TopicPartition> missing = ConcurrentHashMap.newKeySet();

    TakeOver(String kind, EventConsumer.Listener listener) {
        this.kind = kind;
        this.listener = listener;
    }

    /** After a rebalance; {@code partitions} are new. */
    void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        missing.addAll(partitions);
        if (!repeated(consumer)) {
            consumer.enforceRebalance();
        }
    }

    /** Tries again what has failed; returns whether the consumer has all of its partitions. */
    boolean repeated(Consumer<?, ?> consumer) {
        var partitions = new HashSet<>(missing);
        partitions.retainAll(consumer.assignment());
        if (partitions.isEmpty()) {
            return true;
        }
        try {
            take(consumer, partitions);
            missing.removeAll(partitions);
            return true;
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("reason", e.toString())
                    .log("partitions not taken over, will retry");
            return false;
        }
    }

    private void take(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        var committed = consumer.committed(partitions);
        var fresh = partitions.stream()
                .filter(partition -> committed.get(partition) == null)
                .toList();
        if (!fresh.isEmpty()) {
            consumer.seekToEnd(fresh);
            var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
            fresh.forEach(partition -> positions.put(
                    partition,
                    listener.toCommit(partition.partition(), consumer.position(partition))
                            .offsets()
                            .toCommit()));
            // Otherwise, after a crash before the first event, a later end would be the beginning.
            consumer.commitSync(positions);
            committed.putAll(positions);
        }
        for (var partition : partitions) {
            var offsets = Offsets.of(Objects.requireNonNull(committed.get(partition)));
            consumer.seek(partition, offsets.next());
            listener.assigned(consumer, partition.partition(), offsets, !fresh.contains(partition));
        }
    }
}
