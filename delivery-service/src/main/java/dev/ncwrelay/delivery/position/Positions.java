package dev.ncwrelay.delivery.position;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.tail.TailListener;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acknowledged position of every consumer, in memory on every node and durable on {@code ncw.device.cursors}.
 *
 * <ol>
 *   <li>A position never goes back, whatever nodes write at the same time.
 *   <li>An acknowledgement completes when the brokers have it and this node shows it.
 *   <li>Compaction keeps only the last record of a key. When two nodes have written at once and the last says less than
 *       both together, its writer writes the merged position again.
 * </ol>
 */
public final class Positions implements TailListener<DeviceCursor> {

    private static final Logger log = LoggerFactory.getLogger(Positions.class);
    private static final String WRITER = "ncw-writer";

    private final Publisher publisher;
    private final IntSupplier generation;
    private final String node;
    private final Clock clock;
    private final ConcurrentMap<Consumer, Position> positions = new ConcurrentHashMap<>();

    private record Consumer(String deviceId, String name) {

        String key() {
            return deviceId + "\0" + name;
        }
    }

    /**
     * Creates it.
     *
     * @param generation of the events' topic; positions of another mean nothing
     * @param node distinguishes this node from all others that write
     */
    public Positions(Publisher publisher, IntSupplier generation, String node, Clock clock) {
        this.publisher = publisher;
        this.generation = generation;
        this.node = node;
        this.clock = clock;
    }

    /** What the consumer has acknowledged, if anything ever. */
    public Optional<Position> find(String deviceId, String consumer) {
        return Optional.ofNullable(positions.get(new Consumer(deviceId, consumer)));
    }

    /** Acknowledges what {@code change} adds to the position; done at once when that is nothing. */
    public CompletableFuture<Void> acknowledge(String deviceId, String consumer, UnaryOperator<Position> change) {
        var who = new Consumer(deviceId, consumer);
        var before = positions.getOrDefault(who, Position.NONE);
        var after = before.merge(change.apply(before));
        if (after.equals(before) && positions.containsKey(who)) {
            return CompletableFuture.completedFuture(null);
        }
        return write(who, after).thenRun(() -> positions.merge(who, after, Position::merge));
    }

    @Override
    public void read(@Nullable DeviceCursor cursor, ConsumerRecord<String, byte[]> at) {
        if (cursor == null || cursor.getGeneration() != generation.getAsInt()) {
            return;
        }
        var who = new Consumer(cursor.getDeviceId(), cursor.getConsumer());
        var written = new Position(cursor.getPosition(), new TreeSet<>(cursor.getAcknowledged()));
        var merged = positions.merge(who, written, Position::merge);
        if (!merged.equals(written) && isOwn(at)) {
            var _ = write(who, merged).whenComplete((_, failure) -> {
                if (failure != null) {
                    log.atWarn()
                            .addKeyValue("deviceId", who.deviceId())
                            .addKeyValue("reason", failure)
                            .log("merged position not written");
                }
            });
        }
    }

    private CompletableFuture<Void> write(Consumer who, Position position) {
        var cursor = new DeviceCursor(
                who.deviceId(),
                who.name(),
                generation.getAsInt(),
                position.upTo(),
                List.copyOf(position.singles()),
                clock.instant());
        return publisher
                .publish(Topics.DEVICE_CURSORS, who.deviceId(), who.key(), cursor, Map.of(WRITER, node))
                .thenAccept(_ -> {});
    }

    private boolean isOwn(ConsumerRecord<String, byte[]> at) {
        var writer = at.headers().lastHeader(WRITER);
        return writer != null && new String(writer.value(), StandardCharsets.UTF_8).equals(node);
    }
}
