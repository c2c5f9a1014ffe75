package dev.ncwrelay.channel.consume;

import dev.ncwrelay.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** How many events of the assigned partitions are not read yet. Any thread may ask. */
final class ReadLag {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
    private volatile Map<Integer, Long> ends = Map.of();
    private Instant measured = Instant.MIN;

    ReadLag(Clock clock) {
        this.clock = clock;
    }

    /** A partition was assigned: this offset is read next. */
    void assigned(int partition, long position) {
        positions.put(partition, position);
    }

    void revoked(int partition) {
        positions.remove(partition);
    }

    /** All before this offset is read. */
    void read(int partition, long next) {
        positions.computeIfPresent(partition, (_, before) -> Math.max(before, next));
    }

    /** Looks up the partitions' ends, if the last look is older than a second. Called by one thread. */
    void measure(Consumer<?, ?> reader) {
        var now = clock.instant();
        if (now.isBefore(measured.plus(INTERVAL))) {
            return;
        }
        var partitions = positions.keySet().stream()
                .map(partition -> new TopicPartition(Topics.DEVICE_EVENTS.name(), partition))
                .toList();
        if (!partitions.isEmpty()) {
            ends = reader.endOffsets(partitions).entrySet().stream()
                    .collect(
                            Collectors.toUnmodifiableMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
        }
        measured = now;
    }

    /** The number of events, as of the last look at the partitions' ends. */
    long records() {
        var last = ends;
        return positions.entrySet().stream()
                .mapToLong(entry -> Math.max(0, last.getOrDefault(entry.getKey(), 0L) - entry.getValue()))
                .sum();
    }
}
