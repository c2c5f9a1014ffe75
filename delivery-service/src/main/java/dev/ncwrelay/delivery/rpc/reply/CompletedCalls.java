package dev.ncwrelay.delivery.rpc.reply;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks up a request and its reply in Kafka, for nodes that do not have it in memory. Blocks, and reads the recent part
 * of one partition, so it is for single lookups.
 */
public final class CompletedCalls {

    /** How far the clocks of the writers may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final int API_TIMEOUT_MILLIS = 8_000;

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final RpcSettings settings;
    private final Clock clock;

    public CompletedCalls(KafkaConnection kafka, RecordCodec codec, RpcSettings settings, Clock clock) {
        this.kafka = kafka;
        this.codec = codec;
        this.settings = settings;
        this.clock = clock;
    }

    /** What the topics have of a request. */
    public sealed interface Found {

        record Answered(Reply reply) implements Found {}

        /** It was written and has no reply yet. */
        record Pending() implements Found {}

        /** It was never written, or so long ago that its id is no longer remembered. */
        record NotFound() implements Found {}
    }

    /**
     * Looks the request up.
     *
     * @throws RuntimeException when Kafka cannot be read
     */
    public Found find(RequestKey request) {
        var config = kafka.shortLivedConsumer("ncw-delivery-past-calls");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        try (var consumer = new KafkaConsumer<String, byte[]>(config)) {
            var reader = new LogReader(consumer);
            // The request first: a reply that arrives meanwhile is found by the second scan.
            var asked = first(
                    reader,
                    Topics.RPC_REQUESTS,
                    request,
                    found -> request.logId().equals(found.getRequestId()));
            var answered = first(
                    reader,
                    Topics.RPC_REPLIES,
                    request,
                    found -> request.logId().equals(found.getRequestId()));
            return answered.<Found>map(reply -> new Found.Answered(Reply.of(reply)))
                    .or(() -> asked.map(_ -> new Found.Pending()))
                    .orElseGet(Found.NotFound::new);
        }
    }

    private <T extends SpecificRecord> Optional<T> first(
            LogReader reader, Topic<T> topic, RequestKey request, Predicate<T> matches) {
        var partition = new TopicPartition(topic.name(), DevicePartition.of(request.deviceId(), kafka.partitions()));
        var since = clock.instant().minus(settings.memory()).minus(SKEW);
        var found = new AtomicReference<T>();
        reader.read(Map.of(partition, since.toEpochMilli()), record -> {
            if (request.deviceId().equals(record.key())
                    && codec.decode(topic, record.value()) instanceof Decoded.Value<T>(var value)
                    && matches.test(value)) {
                found.compareAndSet(null, value);
            }
        });
        return Optional.ofNullable(found.get());
    }
}
