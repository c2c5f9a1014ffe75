package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.Offsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions of topics that do not accept the events of one partition of the relay, and the first event that waits for each. One
 * thread at a time changes it; any may ask, and gets positions at which nothing is left out.
 */
final class HeldPartitions {

    private static final Logger log = LoggerFactory.getLogger(HeldPartitions.class);
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    private final Clock clock;
    private final Map<TopicPartition, Held> all = new ConcurrentHashMap<>();

    /**
     * What waits for a partition.
     *
     * @param next the first offset that does
     * @param reason of the last refusal; null when it has accepted something since
     * @param attempts that were refused one after the other
     */
    private record Held(long next, @Nullable String reason, Instant retryAt, int attempts) {

        static Held from(long next) {
            return new Held(next, null, Instant.MIN, 0);
        }
    }

    /** @param offsets with the note of the instance before */
    HeldPartitions(Offsets offsets, Clock clock) {
        this.clock = clock;
        if (!offsets.note().isEmpty()) {
            for (var entry : offsets.note().split(",", -1)) {
                var parts = entry.split(":", -1);
                var target = new TopicPartition(parts[0], Integer.parseInt(parts[1]));
                all.put(target, Held.from(Long.parseLong(parts[2])));
            }
        }
    }

    /** Whether an event waits for its partition, or for others that do. */
    boolean covers(TopicPartition target, long offset) {
        var held = all.get(target);
        return held != null && offset >= held.next();
    }

    /** It does not accept the event at this offset: this and those after it wait, at first for a second, at last for a minute. */
    void refused(TopicPartition target, long offset, String reason) {
        var before = all.get(target);
        int attempts = before == null ? 0 : before.attempts();
        var pause = MIN_PAUSE.multipliedBy(1L << Math.min(attempts, MAX_DOUBLINGS));
        all.put(target, new Held(offset, reason, clock.instant().plus(pause), attempts + 1));
        if (before == null || before.reason() == null) {
            log.atWarn()
                    .addKeyValue("topic", target.topic())
                    .addKeyValue("partition", target.partition())
                    .addKeyValue("reason", reason)
                    .log("partition accepts nothing, its events wait");
        }
    }

    /** It has accepted all before this offset. */
    void forwarded(TopicPartition target, long upTo) {
        var before = all.get(target);
        if (before != null) {
            all.put(target, Held.from(Math.max(before.next(), upTo)));
        }
    }

    /** Those for which nothing waits before this offset are not held any more. */
    void release(long position) {
        all.values().removeIf(held -> held.next() >= position);
    }

    /** Those that are to be tried by now, and the first offset that waits for each. */
    Map<TopicPartition, Long> due() {
        var now = clock.instant();
        var due = new HashMap<TopicPartition, Long>();
        all.forEach((target, held) -> {
            if (!held.retryAt().isAfter(now)) {
                due.put(target, held.next());
            }
        });
        return due;
    }

    /** Those that accept nothing, each with the reason. */
    Map<TopicPartition, String> reasons() {
        var reasons = new HashMap<TopicPartition, String>();
        all.forEach((target, held) -> {
            if (held.reason() != null) {
                reasons.put(target, held.reason());
            }
        });
        return reasons;
    }

    /** All for which something waits. */
    Set<TopicPartition> targets() {
        return Set.copyOf(all.keySet());
    }

    /** What is to be committed when everything before an offset was read. */
    Offsets offsets(long next) {
        var waiting = Map.copyOf(all);
        long from = waiting.values().stream().mapToLong(Held::next).min().orElse(next);
        var note = waiting.entrySet().stream()
                .map(each -> each.getKey().topic() + ":" + each.getKey().partition() + ":"
                        + each.getValue().next())
                .collect(Collectors.joining(","));
        return new Offsets(Math.min(from, next), next, note);
    }
}
