package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.ingress.publish.PublishOutcome.Acknowledged;
import dev.ncwrelay.ingress.publish.PublishOutcome.Unavailable;
import dev.ncwrelay.ingress.route.Destination;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.DeadLetters;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.tail.DeadLetterSink;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes events, each to the partition of its key, and says when all of them are safe. */
public final class EventPublisher implements DeadLetterSink {

    public static final String DELIVERED_OFFSET = "ncw-delivered-offset";

    /** Fireblocks' patience is not documented; what takes longer is better sent again. */
    private static final long PATIENCE_MILLIS = 7_500;

    private final Producer<String, byte[]> producer;
    private final RecordCodec codec;
    private final int partitions;
    private final Clock clock;

    public EventPublisher(Producer<String, byte[]> producer, RecordCodec codec, int partitions, Clock clock) {
        this.producer = producer;
        this.codec = codec;
        this.partitions = partitions;
        this.clock = clock;
    }

    /** Writes an event to everywhere it goes. Blocks until that is safe or has failed, eight seconds at the most. */
    public PublishOutcome publish(List<Destination> destinations, Optional<String> traceparent) {
        return send(() -> {
            var records = destinations.stream().map(this::record).toList();
            traceparent.ifPresent(trace -> records.forEach(
                    record -> record.headers().add("traceparent", trace.getBytes(StandardCharsets.US_ASCII))));
            return records;
        });
    }

    /** Sets a body aside that Fireblocks signed and nobody can read. */
    public PublishOutcome setAside(byte[] body, String reason) {
        return send(() -> List.of(DeadLetters.of(Topics.WEBHOOK_DEAD_LETTERS, null, body, reason, clock.instant())));
    }

    /**
     * Marks kept events of a wallet as delivered: for each a null value under the wallet's id, with the event's offset
     * in the header {@value #DELIVERED_OFFSET}. It names the event, since another may have been kept meanwhile.
     */
    public PublishOutcome markDelivered(String walletId, List<Long> offsets) {
        return send(() -> offsets.stream()
                .map(offset -> marker(walletId, Long.toString(offset)))
                .toList());
    }

    private ProducerRecord<String, byte[]> marker(String walletId, String offset) {
        int partition = DevicePartition.of(walletId, partitions);
        var marker = new ProducerRecord<String, byte[]>(Topics.WALLET_UNROUTED.name(), partition, walletId, null);
        marker.headers().add(DELIVERED_OFFSET, offset.getBytes(StandardCharsets.US_ASCII));
        return marker;
    }

    @Override
    public void publish(ProducerRecord<String, byte[]> letter) {
        if (send(() -> List.of(letter)) instanceof Unavailable unavailable) {
            throw new IllegalStateException("dead letter not taken: " + unavailable.cause());
        }
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

    /** Sends and waits; whatever goes wrong, making the records included, is a reason to have it sent again. */
    private PublishOutcome send(Supplier<List<ProducerRecord<String, byte[]>>> records) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            var pending = new ArrayList<Future<RecordMetadata>>();
            for (var record : records.get()) {
                var sent = producer.send(record);
                if (sent.isDone()) {
                    // Refused on the spot, after the producer had waited: the next would wait as long again.
                    sent.get();
                }
                pending.add(sent);
            }
            for (var one : pending) {
                one.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            return new Acknowledged();
        } catch (ExecutionException e) {
            return new Unavailable(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            return new Unavailable("no acknowledgement within " + PATIENCE_MILLIS + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable("interrupted");
        } catch (RuntimeException e) {
            return new Unavailable(e.toString());
        }
    }
}
