package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.tail.TailListener;
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
 * The acknowledged position of every consumer, in memory on every node and durable on {@code ncw.device.cursors}.
 *
 * <ol>
 *   <li>A position never goes back, whatever nodes write at the same time.
 *   <li>An acknowledgement completes when the brokers have it and this node shows it.
 *   <li>Compaction keeps only the last record of a key. When nodes have written at once and the last says less than all
 *       together, the merged position is written: with the next acknowledgement, or by {@link #writePending} when none comes.
 *   <li>A consumer that was not used for long is forgotten, unless somebody acknowledges at the same time; so are the
 *       named ones of an ownership that has ended.
 * </ol>
 */
public final class AckPositions implements TailListener<DeviceCursor> {

    private static final Logger log = LoggerFactory.getLogger(AckPositions.class);

    /** Consumers that are forgotten in one turn of {@link #removeUnused}. */
    private static final int MAX_REMOVED_PER_RUN = 1_000;

    /** A consumer that reads without acknowledging is written again when this part of its time has passed. */
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
     * @param generation of the events' topic; positions of another mean nothing
     * @param node distinguishes this node from all others that write
     * @param workers goes on after a write; may be blocked
     */
    public AckPositions(
            RecordSender publisher,
            IntSupplier generation,
            String node,
            ConsumerSettings settings,
            Clock clock,
            Executor workers) {
        this.cursors = new AckPositionLog(publisher, node);
        this.generation = generation;
        this.settings = settings;
        this.clock = clock;
        this.workers = workers;
        this.names = new ConsumerNames(settings.perDevice());
    }

    /** What the consumer has acknowledged in this ownership of the device, if anything; asking counts as use. */
    public Optional<AckPosition> find(String deviceId, long epoch, String consumer) {
        var held = positions.get(new ConsumerKey(deviceId, consumer));
        if (held == null || !held.isOf(generation.getAsInt())) {
            return Optional.empty();
        }
        recordUse(held);
        return held.durable().filter(known -> known.epoch() == epoch);
    }

    /** What the consumer has acknowledged, with what is not durable yet. */
    public AckPosition latest(String deviceId, long epoch, String consumer) {
        var held = positions.get(new ConsumerKey(deviceId, consumer));
        return held == null || !held.isOf(generation.getAsInt())
                ? AckPosition.empty(epoch)
                : held.latest().forEpoch(epoch);
    }

    /**
     * Acknowledges more; done at once when it says nothing new, as in an ownership that has ended. A failure leaves it open whether it was written.
     *
     * @param added what is acknowledged, beside all that was before
     */
    public CompletableFuture<AckOutcome> acknowledge(String deviceId, String consumer, AckPosition added) {
        var who = new ConsumerKey(deviceId, consumer);
        while (true) {
            if (!names.admit(who)) {
                removeFormerOwners(deviceId, added.epoch());
                return CompletableFuture.completedFuture(new AckOutcome.TooManyConsumers(names.max()));
            }
            var held = positions.computeIfAbsent(who, this::created);
            var acknowledged = held.isOf(generation.getAsInt())
                    ? held.acknowledge(added)
                    : Optional.<CompletableFuture<AckOutcome>>empty();
            if (acknowledged.isPresent()) {
                recordUse(held);
                return acknowledged.get().whenComplete((_, _) -> removeIfEmpty(held));
            }
            positions.remove(who, held);
        }
    }

    @Override
    public void read(@Nullable DeviceCursor cursor, ConsumerRecord<String, byte[]> at) {
        if (cursor == null) {
            ConsumerKey.parse(at.key()).map(positions::get).ifPresent(held -> removed(held, at));
            return;
        }
        if (cursor.getGeneration() != generation.getAsInt()) {
            return;
        }
        var who = new ConsumerKey(cursor.getDeviceId(), cursor.getConsumer());
        var written = new AckPosition(cursor.getEpoch(), cursor.getPosition(), new TreeSet<>(cursor.getAcknowledged()));
        boolean isOwn = cursors.isOwn(at);
        boolean isWithin = names.admitFromLog(who);
        var held = positions.computeIfAbsent(who, this::created);
        if (!isWithin && isOwn && held.isNew()) {
            rejectName(held, at.offset());
            return;
        }
        held.read(written, at.offset(), isOwn, isWithin, cursor.getUpdatedAt());
        if (held.isIncomplete()) {
            incomplete.add(held);
        }
    }

    /** Writes what has to be written without anybody asking; to be called every second or so once all has been read. */
    public void writePending() {
        var now = clock.instant();
        incomplete.removeIf(held -> !held.isIncomplete());
        incomplete.stream().filter(held -> held.isRewriteDue(now)).forEach(ConsumerPosition::rewrite);
        var since = now.minus(settings.unused().dividedBy(USE_WRITES_PER_PERIOD));
        for (var held : List.copyOf(used)) {
            used.remove(held);
            if (!held.isUsedSince(since)) {
                held.rewrite();
            }
        }
    }

    /**
     * Forgets consumers that were not used for long; to be called every few minutes once all has been read.
     *
     * @param grace how much longer this node waits, so that not all nodes forget the same at once
     */
    public void removeUnused(Duration grace) {
        var since = clock.instant().minus(settings.unused()).minus(grace);
        int left = MAX_REMOVED_PER_RUN;
        for (var held : positions.values()) {
            var unused = held.unusedSince(since);
            if (unused.isPresent()) {
                writeRemoval(held, unused.getAsLong());
                left--;
            }
            if (left == 0) {
                return;
            }
        }
    }

    /**
     * Forgets the named consumers of the device's ownerships before this one, which would count among the names of the
     * present owner.
     */
    public void removeFormerOwners(String deviceId, long epoch) {
        names.of(deviceId)
                .flatMap(name -> Optional.ofNullable(positions.get(new ConsumerKey(deviceId, name))).stream())
                .forEach(held -> held.endedBefore(epoch).ifPresent(upTo -> writeRemoval(held, upTo)));
    }

    /** Forgets everything: the offsets it knows belong to a topic that is no more. */
    public void clear() {
        var all = positions.values().toArray(ConsumerPosition[]::new);
        positions.clear();
        names.clear();
        incomplete.clear();
        used.clear();
        for (var held : all) {
            held.fail(new IllegalStateException("the events' topic was made anew"));
        }
    }

    /** Number of consumers known. */
    public int size() {
        return positions.size();
    }

    /** Offset up to which a record without value forgets its consumer; empty when it does not say. */
    public static OptionalLong forgets(Headers headers) {
        return AckPositionLog.removedUpTo(headers);
    }

    private ConsumerPosition created(ConsumerKey who) {
        return new ConsumerPosition(who, generation.getAsInt(), cursors, clock, workers);
    }

    private void recordUse(ConsumerPosition held) {
        if (!held.isUsedSince(clock.instant().minus(settings.unused().dividedBy(USE_WRITES_PER_PERIOD)))) {
            used.add(held);
        }
    }

    private void removed(ConsumerPosition held, ConsumerRecord<String, byte[]> at) {
        // One that does not say what its writer knew was made by hand, and means all.
        long upTo = AckPositionLog.removedUpTo(at.headers()).orElse(Long.MAX_VALUE);
        if (held.removedUpTo(upTo, at.offset(), cursors.isOwn(at))) {
            remove(held);
        } else {
            incomplete.add(held);
        }
    }

    /** Others have come first, on another node: the name is taken back. */
    private void rejectName(ConsumerPosition held, long offset) {
        remove(held);
        held.end(new AckOutcome.TooManyConsumers(names.max()));
        writeRemoval(held, offset);
    }

    private void writeRemoval(ConsumerPosition held, long upTo) {
        var _ = cursors.writeRemoval(held.key(), upTo).whenComplete((_, failure) -> {
            if (failure != null) {
                log.atWarn()
                        .addKeyValue("deviceId", held.key().deviceId())
                        .addKeyValue("reason", failure)
                        .log("consumer not forgotten yet");
            }
        });
    }

    private void remove(ConsumerPosition held) {
        positions.remove(held.key(), held);
        names.remove(held.key());
    }

    private void removeIfEmpty(ConsumerPosition held) {
        if (held.removeIfEmpty()) {
            remove(held);
        }
    }
}
