package dev.ncwrelay.delivery;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics of channels in Kafka: what the service has written, and states, which are written as channel-service does. */
final class ChannelTopics implements AutoCloseable {

    /** Since when the channels are in the states that are written. */
    static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    private final KafkaConnection kafka;
    private final KafkaProducer<String, byte[]> channelService;

    ChannelTopics(KafkaConnection kafka) {
        this.kafka = kafka;
        this.channelService = TestProducer.of(kafka, "channel-service");
    }

    /** The records of the device's subscriptions; empty for a tombstone. */
    List<Optional<ChannelSubscription>> written(String device) {
        var found = new ArrayList<Optional<ChannelSubscription>>();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("channel-flow-test"))) {
            var partitions = List.of(new TopicPartition(Topics.DEVICE_CHANNELS.name(), partition(device)));
            new LogReader(consumer).readAll(partitions, record -> {
                if (record.key().startsWith(ChannelKey.prefixOf(device))) {
                    found.add(Optional.ofNullable(record.value()).map(ChannelTopics::decoded));
                }
            });
        }
        return found;
    }

    ChannelSubscription last(String device) {
        return written(device).getLast().orElseThrow();
    }

    void writeState(ChannelSubscription of, String state, long resumeFrom, @Nullable String reason) {
        writeState(of, state, resumeFrom, reason, SINCE);
    }

    void writeState(ChannelSubscription of, String state, long resumeFrom, @Nullable String reason, Instant since) {
        var value = new ChannelState(
                of.getDeviceId(),
                of.getKind(),
                of.getName(),
                of.getSubscriptionId(),
                state,
                of.getGeneration(),
                resumeFrom,
                reason,
                since,
                "writer-1");
        var _ = channelService.send(new ProducerRecord<>(
                Topics.CHANNEL_STATES.name(),
                partition(of.getDeviceId()),
                ChannelKey.of(of).recordKey(),
                SharedStack.get().codec().encode(Topics.CHANNEL_STATES, value)));
    }

    @Override
    public void close() {
        channelService.close();
    }

    private static ChannelSubscription decoded(byte[] value) {
        return switch (SharedStack.get().codec().decode(Topics.DEVICE_CHANNELS, value)) {
            case Decoded.Value<ChannelSubscription>(var subscription) -> subscription;
            case Decoded.Unreadable<ChannelSubscription>(var reason) -> throw new AssertionError(reason);
            case Decoded.RegistryDown<ChannelSubscription>(var reason) -> throw new AssertionError(reason);
        };
    }

    private static int partition(String device) {
        return DevicePartition.of(device, LocalKafka.PARTITIONS);
    }
}
