package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.AssignedPartitions;
import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.channel.consume.ConsumerSettings;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Forwards the events of devices to the topics of their tenants, in a consumer group of its own. */
final class TenantForwarding implements ChannelRunner {

    static final String KIND = "kafka-tenant";

    private static final int MAX_NAMES = 5;

    private final String group;
    private final Registrations registrations;
    private final EventDecoder decoder;
    private final TenantSender sender;
    private final ChannelMetrics metrics;
    private final Clock clock;
    private final AssignedPartitions<TenantPartition> partitions;

    /**
     * Creates it.
     *
     * @param registrations closed with this
     * @param sender closed with this
     */
    TenantForwarding(
            String group,
            int threads,
            KafkaConnection kafka,
            RecordCodec codec,
            Registrations registrations,
            Subscriptions subscriptions,
            TenantSender sender,
            ChannelMetrics metrics,
            Clock clock) {
        this.group = group;
        this.registrations = registrations;
        this.decoder = new EventDecoder(codec);
        this.sender = sender;
        this.metrics = metrics;
        this.clock = clock;
        var settings = new ConsumerSettings(KIND, group, threads, Map.of());
        this.partitions = new AssignedPartitions<>(settings, kafka, subscriptions, new Work(), clock);
        metrics.lag(partitions::lag);
        metrics.behind(this::behind);
    }

    @Override
    public void start() {
        partitions.start();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public KafkaAccess access() {
        return KafkaAccess.none().group(group).write(Topics.DEVICE_EVENTS.deadLetters());
    }

    @Override
    public Optional<String> failure() {
        return partitions.failure().or(this::refusal);
    }

    /** Partitions of topics whose events wait in Kafka. */
    private long behind() {
        var targets = new HashSet<TopicPartition>();
        partitions.loaded().forEach(partition -> targets.addAll(partition.held().targets()));
        return targets.size();
    }

    /** Names some of the partitions that accept nothing, since there may be hundreds. */
    private Optional<String> refusal() {
        var reasons = new TreeMap<String, String>();
        partitions
                .loaded()
                .forEach(partition ->
                        partition.held().reasons().forEach((target, reason) -> reasons.put(target.toString(), reason)));
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        var names = reasons.keySet().stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
        return Optional.of("Kafka for clients: partitions that accept nothing now, whose devices wait: "
                + reasons.size() + ", as " + names + ": " + reasons.firstEntry().getValue());
    }

    @Override
    public void close() {
        partitions.close();
        sender.close();
        registrations.close();
    }

    private final class Work implements AssignedPartitions.Work<TenantPartition> {

        @Override
        public TenantPartition begin(
                int partition, Offsets offsets, boolean committed, RecordSource log, int generation) {
            var messages = new TenantMessages(partition, generation, decoder, registrations, sender.topics());
            return new TenantPartition(partition, offsets, messages::of, sender, log, clock);
        }

        @Override
        public void retried() {
            metrics.retried();
        }
    }
}
