package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the commits of the consumer group and the replies topic, with a new consumer each time. */
public final class KafkaHandoverReader implements HandoverReader {

    private static final Logger log = LoggerFactory.getLogger(KafkaHandoverReader.class);
    private static final int API_TIMEOUT_MILLIS = 8_000;

    /** Allowed clock difference between the writers of requests and of replies. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Map<String, Object> consumerConfig;
    private final RecordCodec codec;
    private final Duration memory;
    private final Clock clock;

    /**
     * @param group whose commits are read
     * @param memory how far back answered requests are read
     */
    public KafkaHandoverReader(KafkaConnection kafka, String group, RecordCodec codec, Duration memory, Clock clock) {
        this.consumerConfig = new HashMap<>(kafka.shortLivedConsumer(group + "-handover"));
        consumerConfig.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        consumerConfig.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        this.codec = codec;
        this.memory = memory;
        this.clock = clock;
    }

    @Override
    public Map<TopicPartition, HandoverState> load(Set<TopicPartition> partitions) {
        try (var consumer = new KafkaConsumer<String, byte[]>(consumerConfig)) {
            var ends = consumer.endOffsets(partitions);
            var progress = progress(consumer, partitions, ends);
            var first = firstTimestamps(consumer, starts(progress, ends));
            long recent = clock.instant().minus(memory).toEpochMilli();
            // Taken before the replies are read: later ones are read by follow.
            var repliesEnds = consumer.endOffsets(
                    partitions.stream().map(AnsweredRequests::replies).toList());
            var replies = new AnsweredRequests(consumer, codec)
                    .since(
                            partitions,
                            partition -> Math.min(recent, first.getOrDefault(partition, recent) - SKEW.toMillis()));
            var found = new HashMap<TopicPartition, HandoverState>();
            progress.forEach((partition, left) -> found.put(
                    partition,
                    new HandoverState(
                            left,
                            replies.getOrDefault(partition.partition(), Map.of()),
                            repliesEnds.getOrDefault(AnsweredRequests.replies(partition), 0L))));
            return found;
        }
    }

    @Override
    public void follow(Map<TopicPartition, Long> from, ReplyListener found, BooleanSupplier wanted) {
        try (var consumer = new KafkaConsumer<String, byte[]>(consumerConfig)) {
            new AnsweredRequests(consumer, codec).follow(from, found, wanted);
        }
    }

    private static Map<TopicPartition, PartitionProgress> progress(
            Consumer<?, ?> consumer, Set<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        var committed = consumer.committed(partitions);
        var starts = consumer.beginningOffsets(partitions);
        var progress = new HashMap<TopicPartition, PartitionProgress>();
        for (var partition : partitions) {
            progress.put(
                    partition,
                    progress(
                            partition,
                            committed.get(partition),
                            starts.getOrDefault(partition, 0L),
                            ends.get(partition)));
        }
        return progress;
    }

    private static PartitionProgress progress(
            TopicPartition partition, @Nullable OffsetAndMetadata committed, long start, @Nullable Long end) {
        if (committed == null) {
            return PartitionProgress.at(start);
        }
        if (end != null && committed.offset() > end) {
            log.atWarn()
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("offset", committed.offset())
                    .log("committed offset beyond the end of the topic, reading from the start");
            return PartitionProgress.at(start);
        }
        return ProgressCodec.read(committed.offset(), committed.metadata())
                .orElseGet(() -> unreadable(partition, committed.offset(), end));
    }

    /** Possibly written by a newer version: all records up to the current end may have been processed. */
    private static PartitionProgress unreadable(TopicPartition partition, long position, @Nullable Long end) {
        log.atWarn().addKeyValue("partition", partition.partition()).log("unknown format of commit metadata");
        return end == null || end <= position
                ? PartitionProgress.at(position)
                : new PartitionProgress(position, List.of(new OffsetRange(position, end, OffsetState.UNCERTAIN)));
    }

    /**
     * The timestamps of the first unfinished requests, in milliseconds since the epoch: a reply to an unfinished request is
     * not older.
     *
     * @param starts below the end of each partition
     */
    private static Map<TopicPartition, Long> firstTimestamps(
            Consumer<String, byte[]> consumer, Map<TopicPartition, Long> starts) {
        return new LogReader(consumer)
                .first(starts).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, first -> first.getValue().timestamp()));
    }

    /** The first unfinished offset of each partition that has one. */
    private static Map<TopicPartition, Long> starts(
            Map<TopicPartition, PartitionProgress> progress, Map<TopicPartition, Long> ends) {
        var starts = new HashMap<TopicPartition, Long>();
        progress.forEach((partition, left) -> {
            if (left.position() < ends.getOrDefault(partition, 0L)) {
                starts.put(partition, left.position());
            }
        });
        return starts;
    }
}
