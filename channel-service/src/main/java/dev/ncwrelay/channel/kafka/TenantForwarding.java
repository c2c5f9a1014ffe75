package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.AssignedPartitions;
import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.channel.consume.ConsumerSettings;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Forwards the events of devices to the topics of their tenants, in a consumer group of its own. */
final class TenantForwarding implements ChannelRunner {

    static final String KIND = "kafka-tenant";

    private final String group;
    private final Registrations registrations;
    private final EventDecoder decoder;
    private final TenantSender sender;
    private final ChannelMetrics metrics;
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
        var settings = new ConsumerSettings(KIND, group, threads, Map.of());
        this.partitions = new AssignedPartitions<>(settings, kafka, codec, subscriptions, new Work(), clock);
        metrics.lag(partitions::lag);
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
        return partitions.failure();
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
                int partition, Offsets offsets, boolean committed, EventSource events, int generation) {
            return new TenantPartition(partition, generation, decoder, registrations, sender);
        }

        @Override
        public void retried() {
            metrics.retried();
        }
    }
}
