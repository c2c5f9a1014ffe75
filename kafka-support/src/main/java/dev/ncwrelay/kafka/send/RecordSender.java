package dev.ncwrelay.kafka.send;

import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaOperations;

/** Writes records to the partition of their device and completes when all in-sync replicas have acknowledged them. */
public final class RecordSender {

    private final KafkaOperations<String, byte[]> kafka;
    private final RecordCodec codec;
    private final int partitions;
    private final SendQueue queue;

    /** Calls the producer on the caller's thread. */
    public RecordSender(KafkaOperations<String, byte[]> kafka, RecordCodec codec, int partitions) {
        this(kafka, codec, partitions, SendQueue.none());
    }

    /** Never blocks its callers: the queue's thread calls the producer. */
    public RecordSender(KafkaOperations<String, byte[]> kafka, RecordCodec codec, int partitions, SendQueue queue) {
        this.kafka = kafka;
        this.codec = codec;
        this.partitions = partitions;
        this.queue = queue;
    }

    /**
     * Writes a record. Records are passed to the producer in the order of these calls.
     *
     * @param deviceId determines the partition
     * @param key the record's key, which may be more than the device id
     * @return where it was written; fails within 18 seconds (8 in the queue, 2 for metadata, 8 for the acknowledgement),
     *     and then the record may or may not be written
     */
    public <T extends SpecificRecord> CompletableFuture<RecordMetadata> publish(
            Topic<T> topic, String deviceId, String key, T value, Map<String, String> headers) {
        try {
            return send(topic, deviceId, key, codec.encode(topic, value), headers);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Writes a tombstone for a key, as {@link #publish} writes a value. */
    public CompletableFuture<RecordMetadata> remove(
            Topic<?> topic, String deviceId, String key, Map<String, String> headers) {
        return send(topic, deviceId, key, null, headers);
    }

    private CompletableFuture<RecordMetadata> send(
            Topic<?> topic, String deviceId, String key, byte @Nullable [] value, Map<String, String> headers) {
        var written = new CompletableFuture<RecordMetadata>();
        try {
            int partition = DevicePartition.of(deviceId, partitions);
            var record = new ProducerRecord<String, byte[]>(topic.name(), partition, key, value);
            headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
            queue.add(value == null ? 0 : value.length, written, () -> send(record, written));
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        }
        return written;
    }

    private void send(ProducerRecord<String, byte[]> record, CompletableFuture<RecordMetadata> written) {
        try {
            var _ = kafka.send(record).whenComplete((sent, failure) -> {
                if (failure == null) {
                    written.complete(sent.getRecordMetadata());
                } else {
                    written.completeExceptionally(ClientFailure.cause(failure));
                }
            });
        } catch (RuntimeException e) {
            written.completeExceptionally(ClientFailure.cause(e));
        }
    }
}
