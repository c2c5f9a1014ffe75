package dev.ncwrelay.channel.subscription;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory replica of a compacted topic whose keys are {@link ChannelKey}s. Look-ups never block. The listener is called
 * after look-ups show a change, on the reading thread.
 */
final class ChannelReplica<T extends SpecificRecord> implements AutoCloseable {

    private final List<Map<ChannelKey, T>> partitions;
    private final Consumer<ChannelKey> listener;
    private final TopicTail<T> tail;

    ChannelReplica(
            Topic<T> topic,
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            Consumer<ChannelKey> listener) {
        this.listener = listener;
        this.partitions = IntStream.range(0, kafka.partitions())
                .<Map<ChannelKey, T>>mapToObj(_ -> new ConcurrentHashMap<>())
                .toList();
        this.tail = TopicTail.start(
                topic, new TailStart.Beginning(), kafka, "channel-" + topic.name(), codec, deadLetters, this::apply);
    }

    Optional<T> find(ChannelKey key) {
        int partition = DevicePartition.of(key.deviceId(), partitions.size());
        return Optional.ofNullable(partitions.get(partition).get(key));
    }

    /** The keys of this kind in a partition. */
    Stream<ChannelKey> keys(int partition, String kind) {
        return partitions.get(partition).keySet().stream()
                .filter(key -> key.kind().equals(kind));
    }

    TopicTail<T> tail() {
        return tail;
    }

    @Override
    public void close() {
        tail.close();
    }

    private void apply(@Nullable T value, ConsumerRecord<String, byte[]> record) {
        var key = ChannelKey.parse(record.key());
        var partition = partitions.get(record.partition());
        if (value == null) {
            partition.remove(key);
        } else {
            partition.put(key, value);
        }
        listener.accept(key);
    }
}
