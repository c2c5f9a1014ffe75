package dev.ncwrelay.channel.consume;

import dev.ncwrelay.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many events of the assigned partitions are not read yet. Any thread may ask. */
final class ReadLag {

    private static final Logger log = LoggerFactory.getLogger(ReadLag.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The thread that asks has more to do, and one partition without a leader makes a look take as long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

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

    /**
     * Looks up the partitions' ends, if the last look is older than a second. Called by one thread. What cannot be looked up
     * now stays as it was.
     */
    void measure(Consumer<?, ?> reader) {
        if (clock.instant().isBefore(measured.plus(INTERVAL))) {
            return;
        }
        var partitions = positions.keySet().stream()
                .map(partition -> new TopicPartition(Topics.DEVICE_EVENTS.name(), partition))
                .toList();
        if (!partitions.isEmpty()) {
            lookUp(partitions, reader);
        }
        measured = clock.instant();
    }

    private void lookUp(List<TopicPartition> partitions, Consumer<?, ?> reader) {
        try {
            ends = reader.endOffsets(partitions, TIMEOUT).entrySet().stream()
                    .collect(
                            Collectors.toUnmodifiableMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
        } catch (KafkaException e) {
            log.atDebug().addKeyValue("reason", e.toString()).log("ends of partitions not read");
        }
    }

    /** The number of events, as of the last look at the partitions' ends. */
    long records() {
        var last = ends;
        return positions.entrySet().stream()
                .mapToLong(entry -> Math.max(0, last.getOrDefault(entry.getKey(), 0L) - entry.getValue()))
                .sum();
    }
}
