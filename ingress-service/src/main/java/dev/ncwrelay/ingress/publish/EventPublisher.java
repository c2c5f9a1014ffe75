package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.ingress.route.Destination;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.deadletter.KafkaDeadLetters;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes events, each to the partition of its key, and says when all of them are acknowledged by all in-sync replicas.
 * No call but that of {@link DeadLetterSink} blocks; what is written by one thread stays in order.
 */
public final class EventPublisher implements DeadLetterSink, AutoCloseable {

    public static final String DELIVERED_OFFSET = "ncw-delivered-offset";

    private final SendQueue queue;
    private final DeadLetterSink deadLetters;
    private final RecordCodec codec;
    private final int partitions;
    private final Clock clock;

    public EventPublisher(Producer<String, byte[]> producer, RecordCodec codec, int partitions, Clock clock) {
        this.queue = new SendQueue(producer);
        this.deadLetters = new KafkaDeadLetters(producer);
        this.codec = codec;
        this.partitions = partitions;
        this.clock = clock;
    }

    /** Writes an event to everywhere it goes. */
    public CompletableFuture<PublishOutcome> publish(List<Destination> destinations, Optional<String> traceparent) {
        return queue.send(() -> destinations.stream().map(destination -> {
            var record = record(destination);
            traceparent.ifPresent(
                    trace -> record.headers().add("traceparent", trace.getBytes(StandardCharsets.US_ASCII)));
            return record;
        }));
    }

    /** Sets a body aside that Fireblocks signed and that cannot be read. */
    public CompletableFuture<PublishOutcome> setAside(byte[] body, String reason) {
        return send(() -> DeadLetters.of(Topics.WEBHOOK_DEAD_LETTERS, null, body, reason, clock.instant()));
    }

    /**
     * Marks kept events of a wallet as delivered: for each a null value under the wallet's id, with the event's offset
     * in the header {@value #DELIVERED_OFFSET}. It names the event, since another may have been kept meanwhile.
     */
    public CompletableFuture<PublishOutcome> markDelivered(String walletId, List<Long> offsets) {
        return queue.send(() -> offsets.stream().map(offset -> marker(walletId, Long.toString(offset))));
    }

    private ProducerRecord<String, byte[]> marker(String walletId, String offset) {
        int partition = DevicePartition.of(walletId, partitions);
        var marker = new ProducerRecord<String, byte[]>(Topics.WALLET_UNROUTED.name(), partition, walletId, null);
        marker.headers().add(DELIVERED_OFFSET, offset.getBytes(StandardCharsets.US_ASCII));
        return marker;
    }

    @Override
    public void publish(ProducerRecord<String, byte[]> letter) {
        deadLetters.publish(letter);
    }

    @Override
    public void close() {
        queue.close();
    }

    private CompletableFuture<PublishOutcome> send(Supplier<ProducerRecord<String, byte[]>> record) {
        return queue.send(() -> Stream.of(record.get()));
    }

    private ProducerRecord<String, byte[]> record(Destination destination) {
        return switch (destination) {
            case Destination.ToDevice(var deviceId, var event) -> record(Topics.DEVICE_EVENTS, deviceId, event);
            case Destination.ToWallet(var walletId, var event) -> record(Topics.WALLET_UNROUTED, walletId, event);
            case Destination.ToWorkspace(var key, var event) -> record(Topics.WORKSPACE_EVENTS, key, event);
        };
    }

    private <T extends SpecificRecord> ProducerRecord<String, byte[]> record(Topic<T> topic, String key, T event) {
        return new ProducerRecord<>(topic.name(), DevicePartition.of(key, partitions), key, codec.encode(topic, event));
    }
}
