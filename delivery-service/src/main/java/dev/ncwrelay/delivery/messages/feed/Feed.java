package dev.ncwrelay.delivery.messages.feed;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.kafka.tail.TailListener;
import dev.ncwrelay.schemas.DevicePartition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live end of every device's stream. A tail writes into it; anybody reads.
 *
 * <ol>
 *   <li>Listeners are told which devices have something new after it can be read, on the tail's thread, once a fetch:
 *       they must not block. Who registers and then reads, misses nothing.
 *   <li>Within a device the order is that of the partition, and each event id comes once while it is remembered.
 * </ol>
 */
public final class Feed implements TailListener<DeviceEvent> {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final FeedSettings settings;
    private final Clock clock;
    private final LatencyMetrics latency;
    private final List<Ring> rings;
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> updatedDevices = new HashSet<>();

    public Feed(FeedSettings settings, int partitions, Clock clock, LatencyMetrics stages) {
        this.settings = settings;
        this.clock = clock;
        this.latency = stages;
        this.rings = Stream.generate(() -> new Ring(settings.perPartition(partitions)))
                .limit(partitions)
                .toList();
    }

    /** The partition that is the device's stream. */
    public int partitionOf(String deviceId) {
        return DevicePartition.of(deviceId, rings.size());
    }

    /** What the device has after the offset {@code seenUpTo} of its partition. */
    public FeedRead read(String deviceId, long seenUpTo, ReadLimit limit) {
        return ring(deviceId).read(deviceId, seenUpTo, limit);
    }

    /** Where messages of the device are, as far as this node holds them. */
    public HeldOffsets offsetsOf(String deviceId, Set<String> eventIds) {
        return ring(deviceId).offsetsOf(deviceId, eventIds);
    }

    /** Forgets everything: the offsets it knows belong to a topic that is no more. */
    public void clear() {
        updatedDevices.clear();
        rings.forEach(ring -> ring.reset(0, clock.instant()));
    }

    /** The last offset before the first event of that time or later; empty when that may be gone from here. */
    public Optional<Long> offsetBefore(String deviceId, Instant time) {
        return ring(deviceId).offsetBefore(time);
    }

    /** The offset up to which something the device was sent may be gone from here; what came after is held. */
    public long evictedUpTo(String deviceId) {
        return ring(deviceId).evictedUpTo(deviceId);
    }

    /** What this node holds of the device's partition. */
    public RingState state(String deviceId) {
        return ring(deviceId).state();
    }

    /** What this node holds of each partition. */
    public List<RingState> states() {
        return rings.stream().map(Ring::state).toList();
    }

    /** Age of the oldest event that this node is sure to hold, in whatever partition it reaches back least. */
    public Duration window() {
        var now = clock.instant();
        return states().stream()
                .map(RingState::coveredSince)
                .filter(since -> since.isAfter(now.minus(settings.window())))
                .map(since -> Duration.between(since, now))
                .filter(held -> !held.isNegative())
                .min(Comparator.naturalOrder())
                .orElse(settings.window());
    }

    /** Tells the listener of the devices that have something new, from now on. */
    public void onEvents(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    @Override
    public void positioned(int partition, long offset) {
        // Offset 0 is the very beginning; otherwise the tail was placed by time, a window back.
        var since = offset == 0 ? Instant.MIN : clock.instant().minus(settings.window());
        rings.get(partition).reset(offset, since);
    }

    @Override
    public void read(@Nullable DeviceEvent event, ConsumerRecord<String, byte[]> at) {
        var deviceId = event == null ? null : event.getDeviceId();
        if (event == null || deviceId == null || partitionOf(deviceId) != at.partition()) {
            log.atWarn()
                    .addKeyValue("partition", at.partition())
                    .addKeyValue("offset", at.offset())
                    .log("event of no device of this partition passed over");
            deadLettered(at);
            return;
        }
        var ring = rings.get(at.partition());
        if (ring.append(
                Event.of(event, deviceId, at.offset()), Instant.ofEpochMilli(at.timestamp()), clock.instant())) {
            updatedDevices.add(deviceId);
            latency.recordRead(event.getCreatedAt(), event.getReceivedAt(), Instant.ofEpochMilli(at.timestamp()));
        }
    }

    @Override
    public void deadLettered(ConsumerRecord<String, byte[]> at) {
        rings.get(at.partition()).skip(at.offset());
    }

    @Override
    public void batchCompleted() {
        if (updatedDevices.isEmpty()) {
            return;
        }
        var devices = Set.copyOf(updatedDevices);
        updatedDevices.clear();
        listeners.forEach(listener -> listener.accept(devices));
    }

    private Ring ring(String deviceId) {
        return rings.get(partitionOf(deviceId));
    }
}
