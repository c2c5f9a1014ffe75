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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory replica of a compacted topic whose keys are {@link ChannelKey}s. Look-ups never block. The listener is called
 * after look-ups show a change, on the reading thread. A record whose key is not that of its value becomes a dead letter.
 */
final class ChannelReplica<T extends SpecificRecord> implements AutoCloseable {

    private final List<NavigableMap<String, T>> partitions;
    private final Function<T, ChannelKey> keyOf;
    private final BinaryOperator<T> newest;
    private final DeadLetterSink deadLetters;
    private final Consumer<ChannelKey> listener;
    private final TopicTail<T> tail;

    /**
     * Starts reading.
     *
     * @param newest which of two values of a key counts: the one before, or the one that was read after it
     */
    ChannelReplica(
            Topic<T> topic,
            Function<T, ChannelKey> keyOf,
            BinaryOperator<T> newest,
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            Consumer<ChannelKey> listener) {
        this.keyOf = keyOf;
        this.newest = newest;
        this.deadLetters = deadLetters;
        this.listener = listener;
        this.partitions = IntStream.range(0, kafka.partitions())
                .<NavigableMap<String, T>>mapToObj(_ -> new ConcurrentSkipListMap<>())
                .toList();
        this.tail = TopicTail.start(
                topic, new TailStart.Beginning(), kafka, "channel-" + topic.name(), codec, deadLetters, this::apply);
    }

    Optional<T> find(ChannelKey key) {
        int partition = DevicePartition.of(key.deviceId(), partitions.size());
        return Optional.ofNullable(partitions.get(partition).get(key.recordKey()));
    }

    /** The keys of this kind in a partition. */
    Stream<ChannelKey> keys(int partition, String kind) {
        return partitions.get(partition).values().stream()
                .map(keyOf)
                .filter(key -> key.kind().equals(kind));
    }

    /** The keys of this kind of a device. */
    Stream<ChannelKey> keys(String deviceId, String kind) {
        var first = ChannelKey.prefixOf(deviceId, kind);
        return partitions
                .get(DevicePartition.of(deviceId, partitions.size()))
                .subMap(first, first + Character.MAX_VALUE)
                .values()
                .stream()
                .map(keyOf);
    }

    TopicTail<T> tail() {
        return tail;
    }

    @Override
    public void close() {
        tail.close();
    }

    private void apply(@Nullable T value, ConsumerRecord<String, byte[]> record) {
        var partition = partitions.get(record.partition());
        if (value == null) {
            var before = partition.remove(record.key());
            if (before != null) {
                listener.accept(keyOf.apply(before));
            }
        } else if (isKeyOf(value, record)) {
            partition.merge(record.key(), value, newest);
            listener.accept(keyOf.apply(value));
        } else {
            deadLetters.reject(record, "the key is not that of the value");
        }
    }

    private boolean isKeyOf(T value, ConsumerRecord<String, byte[]> record) {
        try {
            return keyOf.apply(value).recordKey().equals(record.key());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
