package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.AssignedPartitions;
import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.channel.consume.ConsumerSettings;
import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.channel.subscription.StateWriter;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/** Wakes devices by one push service. */
public final class Waking implements ChannelRunner {

    private final String group;
    private final PushService service;
    private final WakeSettings settings;
    private final Subscriptions subscriptions;
    private final EventDecoder decoder;
    private final StateWriter states;
    private final Clock clock;
    private final Acknowledgements acknowledgements;
    private final AssignedPartitions<PartitionWakes> partitions;
    private final WakeSender sender;

    /** @param group the consumer group shared by all instances */
    public Waking(
            String group,
            PushService service,
            WakeSettings settings,
            KafkaConnection kafka,
            RecordCodec codec,
            Subscriptions subscriptions,
            RecordSender records,
            DeadLetterSink deadLetters,
            MeterRegistry meters,
            Clock clock) {
        this.group = group;
        this.service = service;
        this.settings = settings;
        this.subscriptions = subscriptions;
        this.decoder = new EventDecoder(codec);
        this.states = new StateWriter(records, UUID.randomUUID().toString());
        this.clock = clock;
        this.acknowledgements = new Acknowledgements(kafka, codec, deadLetters, clock);
        var metrics = new ChannelMetrics(meters, service.kind());
        this.partitions = new AssignedPartitions<>(consumer(), kafka, subscriptions, new Work(), clock);
        metrics.lag(partitions::lag);
        metrics.behind(
                () -> partitions.loaded().mapToLong(PartitionWakes::pending).sum());
        WakeSender.overdue(meters, service.kind(), this::overdue);
        this.sender = new WakeSender(service, () -> partitions.loaded().toList(), metrics, clock);
    }

    @Override
    public String kind() {
        return service.kind();
    }

    @Override
    public KafkaAccess access() {
        return KafkaAccess.none().group(group).tail(Topics.DEVICE_CURSORS);
    }

    @Override
    public void start() {
        partitions.start();
        sender.start();
    }

    @Override
    public Optional<String> failure() {
        return partitions.failure().or(acknowledgements::failure).or(sender::failure);
    }

    @Override
    public void close() {
        partitions.close();
        sender.close();
        acknowledgements.close();
    }

    /**
     * A partition that moves is woken once more. So there is one thread, to which an instance's partitions do not come one after
     * the other, and those that stay where they are are not given up when another instance joins.
     */
    private ConsumerSettings consumer() {
        return new ConsumerSettings(
                service.kind(),
                group,
                1,
                Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName()));
    }

    private Duration overdue() {
        var now = clock.instant();
        return partitions
                .loaded()
                .flatMap(partition -> partition.dueSince().stream())
                .min(Instant::compareTo)
                .map(since -> Duration.between(since, now))
                .orElse(Duration.ZERO);
    }

    private final class Work implements AssignedPartitions.Work<PartitionWakes> {

        @Override
        public boolean awaitLoaded(int partition, Consumer<?, ?> reader, Duration timeout) throws InterruptedException {
            return acknowledgements.awaitEnd(partition, reader, timeout);
        }

        @Override
        public PartitionWakes begin(
                int partition, Offsets offsets, boolean committed, RecordSource log, int generation) {
            var tokenStates = new KafkaTokenStates(states, subscriptions, clock);
            var tokens =
                    new KafkaDeviceTokens(subscriptions, tokenStates, acknowledgements, service.kind(), generation);
            return new PartitionWakes(
                    partition, offsets, tokens, tokenStates, decoder.events(log), decoder::decode, settings, clock);
        }

        /** In a group that is new everything may be needed, should there be tokens already. */
        @Override
        public Offsets unknown(long next) {
            return new Offsets(0, next);
        }

        @Override
        public void retried() {}

        @Override
        public void revoked() {
            sender.awaitSent();
        }
    }
}
