package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.ingress.publish.PublishOutcome.Acknowledged;
import dev.ncwrelay.ingress.publish.PublishOutcome.Unavailable;
import dev.ncwrelay.ingress.route.Destination;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.send.SendQueue;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Publishes events, each to the partition of its key, and reports whether all in-sync replicas have acknowledged them.
 *
 * <ol>
 *   <li>No call blocks.
 *   <li>Batches are sent in the order of the calls, and their records are encoded on the thread of {@link SendQueue}.
 *   <li>Each batch has its outcome within {@value #TIMEOUT_MILLIS} ms, and is not sent after that; only a dead letter that
 *       Kafka has refused may be written without its body later.
 * </ol>
 */
public final class EventPublisher implements AutoCloseable {

    public static final String DELIVERED_OFFSET = "ncw-delivered-offset";

    /** Fireblocks does not document its own timeout; a webhook that takes longer than this is better sent again. */
    private static final long TIMEOUT_MILLIS = 7_500;

    private final KafkaOperations<String, byte[]> kafka;
    private final SendQueue queue = SendQueue.start();
    private final DeadLetterWriter deadLetters;
    private final RecordCodec codec;
    private final int partitions;
    private final Clock clock;

    public EventPublisher(
            KafkaOperations<String, byte[]> kafka,
            RecordCodec codec,
            int partitions,
            DeadLetterWriter deadLetters,
            Clock clock) {
        this.kafka = kafka;
        this.deadLetters = deadLetters;
        this.codec = codec;
        this.partitions = partitions;
        this.clock = clock;
    }

    /** Publishes an event to all its destinations. */
    public CompletableFuture<PublishOutcome> publish(List<Destination> destinations, Optional<String> traceparent) {
        return outcome(send(() -> destinations.stream().map(destination -> {
            var record = record(destination);
            traceparent.ifPresent(
                    trace -> record.headers().add("traceparent", trace.getBytes(StandardCharsets.US_ASCII)));
            return record;
        })));
    }

    /** Publishes a verified body that cannot be decoded as a dead letter. */
    public CompletableFuture<PublishOutcome> setAside(byte[] body, String reason) {
        var letter = DeadLetters.of(Topics.WEBHOOK_DEAD_LETTERS, null, body, reason, clock.instant());
        return outcome(deadLetters
                .writeAsync(letter, attempt -> send(() -> Stream.of(attempt)))
                .orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * Marks kept events of a wallet as delivered: for each a null value under the wallet's id, with the event's offset
     * in the header {@value #DELIVERED_OFFSET}. It names the event, since another may have been kept meanwhile.
     */
    public CompletableFuture<PublishOutcome> markDelivered(String walletId, List<Long> offsets) {
        return outcome(send(() -> offsets.stream().map(offset -> marker(walletId, Long.toString(offset)))));
    }

    private ProducerRecord<String, byte[]> marker(String walletId, String offset) {
        int partition = DevicePartition.of(walletId, partitions);
        var marker = new ProducerRecord<String, byte[]>(Topics.WALLET_UNROUTED.name(), partition, walletId, null);
        marker.headers().add(DELIVERED_OFFSET, offset.getBytes(StandardCharsets.US_ASCII));
        return marker;
    }

    @Override
    public void close() {
        queue.closeNow();
    }

    /** Every failure, encoding included, is answered so that the sender sends again. */
    private static CompletableFuture<PublishOutcome> outcome(CompletableFuture<?> acknowledged) {
        return acknowledged
                .<PublishOutcome>thenApply(_ -> new Acknowledged())
                .exceptionally(failure -> new Unavailable(reason(failure)));
    }

    /** Completes when all records of the batch are acknowledged, or fails. */
    private CompletableFuture<Void> send(Supplier<Stream<ProducerRecord<String, byte[]>>> records) {
        var acknowledged = new CompletableFuture<Void>();
        // No size: a batch waits as a reference to its webhook, whose body has a limit of its own.
        queue.add(0, acknowledged, () -> sendAll(records.get(), acknowledged));
        return acknowledged.orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * A failure that the producer has waited for is thrown, and ends the batch: the next record would wait as long again.
     */
    private void sendAll(Stream<ProducerRecord<String, byte[]>> records, CompletableFuture<Void> acknowledged) {
        var acknowledgements = records.map(kafka::send).toList();
        var _ = CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture[]::new))
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        acknowledged.complete(null);
                    } else {
                        acknowledged.completeExceptionally(failure);
                    }
                });
    }

    private static String reason(Throwable failure) {
        var cause = ClientFailure.cause(failure);
        return switch (cause) {
            case RejectedExecutionException rejected -> String.valueOf(rejected.getMessage());
            // Of the timeouts above, which have no text.
            case TimeoutException timeout
            when timeout.getMessage() == null -> "no acknowledgement within " + TIMEOUT_MILLIS + " ms";
            default -> cause.toString();
        };
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
