package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.tail.TailListener;
import dev.ncwrelay.schemas.CursorRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acknowledged position of every consumer, in memory on every node and stored on {@code ncw.device.cursors}.
 *
 * <ol>
 *   <li>A position never goes back, even when several nodes write at the same time.
 *   <li>An acknowledgement completes when it is stored and visible on this node.
 *   <li>Compaction keeps only the last record of a key. When several nodes have written at once and the last record
 *       covers less than all of them together, the merged position is written: with the next acknowledgement, or by
 *       {@link #writePending} when none comes.
 *   <li>Unused consumers are removed, unless an acknowledgement arrives concurrently; so are the named consumers of an
 *       ownership that has ended.
 * </ol>
 */
public final class AckPositions implements TailListener<DeviceCursor> {

    private static final Logger log = LoggerFactory.getLogger(AckPositions.class);

    /** Maximum number of consumers removed in one call of {@link #removeUnused}. */
    private static final int MAX_REMOVED_PER_RUN = 1_000;

    /** How often the use of a consumer that only reads is written within {@link ConsumerSettings#unused}. */
    private static final int USE_WRITES_PER_PERIOD = 3;

    private final AckPositionLog cursors;
    private final IntSupplier generation;
    private final ConsumerSettings settings;
    private final Clock clock;
    private final Executor workers;
    private final ConsumerNames names;
    private final ConcurrentMap<ConsumerKey, ConsumerPosition> positions = new ConcurrentHashMap<>();
    private final Set<ConsumerPosition> incomplete = ConcurrentHashMap.newKeySet();
    private final Set<ConsumerPosition> used = ConcurrentHashMap.newKeySet();

    /**
     * Creates it.
     *
     * @param generation of the events topic; positions of another generation are void
     * @param node identifies this node among all that write
     * @param workers completes writes; may be blocked
     */
    public AckPositions(
            RecordSender sender,
            IntSupplier generation,
            String node,
            ConsumerSettings settings,
            Clock clock,
            Executor workers) {
        this.cursors = new AckPositionLog(sender, node);
        this.generation = generation;
        this.settings = settings;
        this.clock = clock;
        this.workers = workers;
        this.names = new ConsumerNames(settings.perDevice());
    }

    /**
     * What the consumer has acknowledged in this ownership of the device, if anything; the call counts as use of the
     * consumer.
     */
    public Optional<AckPosition> find(String deviceId, long epoch, String consumer) {
        var position = positions.get(new ConsumerKey(deviceId, consumer));
        if (position == null || !position.isOf(generation.getAsInt())) {
            return Optional.empty();
        }
        recordUse(position);
        return position.durable().filter(stored -> stored.epoch() == epoch);
    }

    /** What the consumer has acknowledged, including what is not stored yet. */
    public AckPosition latest(String deviceId, long epoch, String consumer) {
        var position = positions.get(new ConsumerKey(deviceId, consumer));
        return position == null || !position.isOf(generation.getAsInt())
                ? AckPosition.empty(epoch)
                : position.latest().forEpoch(epoch);
    }

    /**
     * Acknowledges more; completes at once if nothing changes, for example in an ownership that has ended. After a
     * failure it is unknown whether the acknowledgement was written.
     *
     * @param added what is acknowledged in addition
     */
    public CompletableFuture<AckOutcome> acknowledge(String deviceId, String consumer, AckPosition added) {
        var key = new ConsumerKey(deviceId, consumer);
        while (true) {
            if (!names.admit(key)) {
                removeFormerOwners(deviceId, added.epoch());
                return CompletableFuture.completedFuture(new AckOutcome.TooManyConsumers(names.max()));
            }
            var position = positions.computeIfAbsent(key, this::created);
            var acknowledged = position.isOf(generation.getAsInt())
                    ? position.acknowledge(added)
                    : Optional.<CompletableFuture<AckOutcome>>empty();
            if (acknowledged.isPresent()) {
                recordUse(position);
                return acknowledged.get().whenComplete((_, _) -> removeIfEmpty(position));
            }
            positions.remove(key, position);
        }
    }

    @Override
    public void read(@Nullable DeviceCursor cursor, ConsumerRecord<String, byte[]> record) {
        if (cursor == null) {
            ConsumerKey.parse(record.key()).map(positions::get).ifPresent(position -> removed(position, record));
            return;
        }
        if (cursor.getGeneration() != generation.getAsInt()) {
            return;
        }
        var key = new ConsumerKey(cursor.getDeviceId(), cursor.getConsumer());
        var written = new AckPosition(cursor.getEpoch(), cursor.getPosition(), new TreeSet<>(cursor.getAcknowledged()));
        boolean isOwn = cursors.isOwn(record);
        boolean isAdmitted = names.admitFromTopic(key);
        var position = positions.computeIfAbsent(key, this::created);
        if (!isAdmitted && isOwn && position.isNew()) {
            rejectName(position, record.offset());
            return;
        }
        position.read(written, record.offset(), isOwn, isAdmitted, cursor.getUpdatedAt());
        if (position.isIncomplete()) {
            incomplete.add(position);
        }
    }

    /** Writes merged positions and usage marks; to be called about every second once the topic has been read. */
    public void writePending() {
        var now = clock.instant();
        incomplete.removeIf(position -> !position.isIncomplete());
        incomplete.stream().filter(position -> position.isRewriteDue(now)).forEach(ConsumerPosition::rewrite);
        var since = now.minus(settings.unused().dividedBy(USE_WRITES_PER_PERIOD));
        for (var position : List.copyOf(used)) {
            used.remove(position);
            if (!position.isUsedSince(since)) {
                position.rewrite();
            }
        }
    }

    /**
     * Removes unused consumers; to be called every few minutes once the topic has been read.
     *
     * @param grace how much longer this node waits, so that not all nodes remove the same consumers at once
     */
    public void removeUnused(Duration grace) {
        var since = clock.instant().minus(settings.unused()).minus(grace);
        int left = MAX_REMOVED_PER_RUN;
        for (var position : positions.values()) {
            var unused = position.unusedSince(since);
            if (unused.isPresent()) {
                writeRemoval(position, unused.getAsLong());
                left--;
            }
            if (left == 0) {
                return;
            }
        }
    }

    /**
     * Removes the named consumers of the device's earlier ownerships, which would count towards the current owner's
     * limit.
     */
    public void removeFormerOwners(String deviceId, long epoch) {
        names.of(deviceId)
                .flatMap(name -> Optional.ofNullable(positions.get(new ConsumerKey(deviceId, name))).stream())
                .forEach(position -> position.endedBefore(epoch).ifPresent(upTo -> writeRemoval(position, upTo)));
    }

    /** Discards everything: the offsets belong to a deleted topic. */
    public void clear() {
        var all = positions.values().toArray(ConsumerPosition[]::new);
        positions.clear();
        names.clear();
        incomplete.clear();
        used.clear();
        for (var position : all) {
            position.fail(new IllegalStateException("the events topic was re-created"));
        }
    }

    /** Number of known consumers. */
    public int size() {
        return positions.size();
    }

    /** The offset as of which a record without a value removes its consumer; empty when it has no such header. */
    public static OptionalLong removedUpTo(Headers headers) {
        return CursorRecords.removedUpTo(headers);
    }

    private ConsumerPosition created(ConsumerKey key) {
        return new ConsumerPosition(key, generation.getAsInt(), cursors, clock, workers);
    }

    private void recordUse(ConsumerPosition position) {
        if (!position.isUsedSince(clock.instant().minus(settings.unused().dividedBy(USE_WRITES_PER_PERIOD)))) {
            used.add(position);
        }
    }

    private void removed(ConsumerPosition position, ConsumerRecord<String, byte[]> record) {
        // A removal without the header was written by an operator, and removes everything.
        long upTo = CursorRecords.removedUpTo(record.headers()).orElse(Long.MAX_VALUE);
        if (position.removedUpTo(upTo, record.offset(), cursors.isOwn(record))) {
            remove(position);
        } else {
            incomplete.add(position);
        }
    }

    /** The limit was reached by names that other nodes admitted first: removes this name again. */
    private void rejectName(ConsumerPosition position, long offset) {
        remove(position);
        position.end(new AckOutcome.TooManyConsumers(names.max()));
        writeRemoval(position, offset);
    }

    private void writeRemoval(ConsumerPosition position, long upTo) {
        var _ = cursors.writeRemoval(position.key(), upTo).whenComplete((_, failure) -> {
            if (failure != null) {
                log.atWarn()
                        .addKeyValue("deviceId", position.key().deviceId())
                        .addKeyValue("reason", failure)
                        .log("removing a consumer failed, will retry");
            }
        });
    }

    private void remove(ConsumerPosition position) {
        positions.remove(position.key(), position);
        names.remove(position.key());
    }

    private void removeIfEmpty(ConsumerPosition position) {
        if (position.removeIfEmpty()) {
            remove(position);
        }
    }
}
