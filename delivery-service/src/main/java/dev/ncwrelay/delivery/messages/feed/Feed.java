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
 * The most recent events of all devices. Written by one tail, read by any thread.
 *
 * <ol>
 *   <li>Listeners are notified which devices have new events once these can be read, on the tail's thread, once per
 *       fetch; they must not block. A reader that registers before it reads misses no event.
 *   <li>The events of a device are in partition order, and each event id is returned once for as long as it is
 *       remembered.
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

    public Feed(FeedSettings settings, int partitions, Clock clock, LatencyMetrics latency) {
        this.settings = settings;
        this.clock = clock;
        this.latency = latency;
        this.rings = Stream.generate(() -> new Ring(settings.perPartition(partitions)))
                .limit(partitions)
                .toList();
    }

    /** The partition that contains the device's stream. */
    public int partitionOf(String deviceId) {
        return DevicePartition.of(deviceId, rings.size());
    }

    /** The device's events after the offset {@code seenUpTo} of its partition. */
    public FeedRead read(String deviceId, long seenUpTo, ReadLimit limit) {
        return ring(deviceId).read(deviceId, seenUpTo, limit);
    }

    /** The offsets of those of the device's events with these ids that are in the ring. */
    public HeldOffsets offsetsOf(String deviceId, Set<String> eventIds) {
        return ring(deviceId).offsetsOf(deviceId, eventIds);
    }

    /** Discards everything: the offsets belong to a deleted topic. */
    public void clear() {
        updatedDevices.clear();
        rings.forEach(ring -> ring.reset(0, clock.instant()));
    }

    /**
     * The last offset before the first event written at this time or later; empty when that event may have been
     * evicted.
     */
    public Optional<Long> offsetBefore(String deviceId, Instant time) {
        return ring(deviceId).offsetBefore(time);
    }

    /** The offset up to which events of the device may have been evicted; all later ones are in the ring. */
    public long evictedUpTo(String deviceId) {
        return ring(deviceId).evictedUpTo(deviceId);
    }

    /** What the ring of the device's partition covers. */
    public RingState state(String deviceId) {
        return ring(deviceId).state();
    }

    /** What the ring of each partition covers. */
    public List<RingState> states() {
        return rings.stream().map(Ring::state).toList();
    }

    /** How far back this node certainly has all events, in the partition where that is the shortest time. */
    public Duration window() {
        var now = clock.instant();
        return states().stream()
                .map(RingState::coveredSince)
                .filter(since -> since.isAfter(now.minus(settings.window())))
                .map(since -> Duration.between(since, now))
                .filter(covered -> !covered.isNegative())
                .min(Comparator.naturalOrder())
                .orElse(settings.window());
    }

    /** Registers a listener for the ids of devices that have new events. */
    public void onEvents(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    @Override
    public void positioned(int partition, long offset) {
        // At offset 0 nothing precedes the ring; otherwise the tail was positioned by time, one window ago.
        var since = offset == 0 ? Instant.MIN : clock.instant().minus(settings.window());
        rings.get(partition).reset(offset, since);
    }

    @Override
    public void read(@Nullable DeviceEvent event, ConsumerRecord<String, byte[]> record) {
        var deviceId = event == null ? null : event.getDeviceId();
        if (event == null || deviceId == null || partitionOf(deviceId) != record.partition()) {
            log.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("skipped event whose device is not of this partition");
            deadLettered(record);
            return;
        }
        var ring = rings.get(record.partition());
        if (ring.append(
                Event.of(event, deviceId, record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                clock.instant())) {
            updatedDevices.add(deviceId);
            latency.recordRead(event.getCreatedAt(), event.getReceivedAt(), Instant.ofEpochMilli(record.timestamp()));
        }
    }

    @Override
    public void deadLettered(ConsumerRecord<String, byte[]> record) {
        rings.get(record.partition()).skip(record.offset());
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
