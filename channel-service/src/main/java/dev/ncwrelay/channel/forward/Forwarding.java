package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.AssignedPartition;
import dev.ncwrelay.channel.consume.AssignedPartitions;
import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.channel.consume.ConsumerSettings;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.channel.subscription.StateWriter;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Forwards events to one kind of channel, opens and closes channels, and catches up with what was held back. */
public final class Forwarding implements ChannelRunner {

    private final Channel channel;
    private final Subscriptions subscriptions;
    private final EventDecoder decoder;
    private final RecordSender sender;
    private final Clock clock;
    private final ChannelMetrics metrics;
    private final String group;
    private final Lanes lanes;
    private final AssignedPartitions<ForwardedPartition> partitions;

    /** @param group the consumer group shared by all instances */
    public Forwarding(
            String group,
            int threads,
            KafkaConnection kafka,
            RecordCodec codec,
            Channel channel,
            Subscriptions subscriptions,
            RecordSender sender,
            MeterRegistry meters,
            Clock clock) {
        this.channel = channel;
        this.subscriptions = subscriptions;
        this.decoder = new EventDecoder(codec);
        this.sender = sender;
        this.clock = clock;
        this.metrics = new ChannelMetrics(meters, channel.kind());
        metrics.behind(this::behind);
        this.group = group;
        this.lanes = Lanes.of(channel.kind());
        var settings = new ConsumerSettings(channel.kind(), group, threads, Map.of());
        this.partitions = new AssignedPartitions<>(settings, kafka, subscriptions, new Work(), clock);
        metrics.lag(partitions::lag);
    }

    @Override
    public void start() {
        partitions.start();
    }

    @Override
    public String kind() {
        return channel.kind();
    }

    @Override
    public KafkaAccess access() {
        return KafkaAccess.none().group(group);
    }

    @Override
    public Optional<String> failure() {
        // The channel knows while a call still waits.
        return channel.failure().or(partitions::failure);
    }

    /** Subscriptions whose events wait in Kafka. */
    long behind() {
        return partitions
                .loaded()
                .mapToLong(partition -> partition.forwarder().behind())
                .sum();
    }

    @Override
    public void close() {
        partitions.close();
    }

    private final class Work implements AssignedPartitions.Work<ForwardedPartition> {

        @Override
        public ForwardedPartition begin(
                int partition, Offsets offsets, boolean committed, RecordSource log, int generation) {
            // Of this assignment alone: what an earlier one of this instance writes late is another's, too.
            var writer = UUID.randomUUID().toString();
            var states = new KafkaStateStore(new StateWriter(sender, writer), subscriptions, generation);
            Function<ChannelKey, Optional<Subscription>> find =
                    key -> subscriptions.find(key).map(found -> found.in(generation));
            var stored = subscriptions.keys(partition, channel.kind()).stream()
                    .flatMap(key -> find.apply(key).stream())
                    .flatMap(subscription -> states.load(subscription, committed).stream())
                    .toList();
            var forwarder = new PartitionForwarder(
                    partition,
                    offsets.next(),
                    stored,
                    channel,
                    find,
                    decoder.events(log),
                    states,
                    metrics,
                    lanes,
                    clock);
            return new ForwardedPartition(forwarder, decoder);
        }

        @Override
        public void retried() {
            metrics.retried();
        }
    }

    private record ForwardedPartition(PartitionForwarder forwarder, EventDecoder decoder) implements AssignedPartition {

        @Override
        public void read(List<ConsumerRecord<String, byte[]>> records) {
            var events = new ArrayList<ReadEvent>(records.size());
            records.forEach(record -> decoder.decode(record).ifPresent(events::add));
            forwarder.forward(events, records.getLast().offset() + 1);
        }

        @Override
        public void changed(ChannelKey key) {
            forwarder.changed(key);
        }

        @Override
        public boolean catchUp() {
            return forwarder.catchUp();
        }

        @Override
        public void stop() {
            forwarder.stop();
        }

        @Override
        public void close() {
            forwarder.close();
        }
    }
}
