package dev.ncwrelay.channel.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Passes on what a poll has brought, one partition after the other. A consumer that does not poll again for {@code
 * max.poll.interval.ms}, 5 minutes by default, loses its partitions: so after a time no further partition is begun. What is left
 * comes first in the next pass. Safe for several consumers, each with partitions of its own.
 */
final class ReadPass {

    /** The call that began before adds its own time, and its wait for the thread that catches up: together a minute or two. */
    static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final EventConsumer.Listener listener;
    private final Clock clock;

    /** By partition: when its turn was. */
    private final Map<Integer, Long> turns = new ConcurrentHashMap<>();

    private final AtomicLong turn = new AtomicLong();

    /**
     * What became of it.
     *
     * @param left partitions whose records have to be passed again
     * @param failure why; empty when there was no time for them
     */
    record Result(Set<Integer> left, Optional<RuntimeException> failure) {
        Result {
            left = Set.copyOf(left);
        }
    }

    ReadPass(EventConsumer.Listener listener, Clock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** One partition that fails does not keep the others waiting; an unavailable channel is that for all that follow. */
    Result read(Map<Integer, List<ConsumerRecord<String, byte[]>>> records) {
        var left = new HashSet<>(records.keySet());
        Optional<RuntimeException> failure = Optional.empty();
        var end = clock.instant().plus(MAX_TIME);
        for (int partition : inTurn(records.keySet())) {
            if (clock.instant().isAfter(end)) {
                break;
            }
            turns.put(partition, turn.incrementAndGet());
            try {
                listener.read(partition, records.getOrDefault(partition, List.of()));
                left.remove(partition);
            } catch (ChannelUnavailableException e) {
                failure = Optional.of(e);
                break;
            } catch (RuntimeException e) {
                failure = Optional.of(e);
            }
        }
        return new Result(left, failure);
    }

    /** The one that waits for the longest time first. */
    private List<Integer> inTurn(Set<Integer> partitions) {
        return partitions.stream()
                .sorted(Comparator.comparing((Integer partition) -> turns.getOrDefault(partition, 0L))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
