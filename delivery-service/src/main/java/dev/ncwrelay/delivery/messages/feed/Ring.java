package dev.ncwrelay.delivery.messages.feed;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The latest events of one partition, bounded by age and by bytes.
 *
 * <ol>
 *   <li>It holds every event from {@code start} (inclusive) to {@code next} (exclusive). Where events of the device may
 *       have been evicted, a read is {@link FeedRead.TooOld}, never a page with a gap; evicted events of other devices
 *       do not matter.
 *   <li>An event that was created before the ring began may be a repeated webhook that the device already has. The
 *       mailbox remembers ids for longer and decides, so a read that reaches such an event is {@link FeedRead.TooOld},
 *       too.
 *   <li>A read is a snapshot; its cost depends on the number of the device's events, not on the partition's.
 *   <li>A position beyond {@code next} (the client comes from a node that has read further) stays as it is.
 * </ol>
 */
final class Ring {

    private final RingBounds bounds;
    private final RecentEventIds seen;
    private final EvictedOffsets evicted;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Entry>> byDevice = new HashMap<>();
    private long start;
    private long next;
    private long bytes;
    private Instant coveredSince = Instant.MAX;

    /** An event and when it was written; {@code isKnownNew} when it is certainly not a repetition. */
    private record Entry(Event event, Instant since, boolean isKnownNew) {}

    Ring(RingBounds bounds) {
        this.bounds = bounds;
        this.seen = new RecentEventIds(bounds.dedupeEntries(), bounds.dedupeMemory());
        this.evicted = new EvictedOffsets(bounds.dedupeEntries());
    }

    /** Starts again at {@code offset}; from there the ring has everything written since {@code since}. */
    void reset(long offset, Instant since) {
        lock.lock();
        try {
            entries.clear();
            byDevice.clear();
            seen.reset(since);
            evicted.reset(offset);
            bytes = 0;
            start = offset;
            next = offset;
            coveredSince = since;
        } finally {
            lock.unlock();
        }
    }

    /** Appends the next event; false when it is a repetition for this device. */
    boolean append(Event event, Instant writtenAt, Instant now) {
        lock.lock();
        try {
            next = event.offset() + 1;
            evict(now);
            if (!seen.isNew(event, now)) {
                return false;
            }
            var added = new Entry(event, writtenAt, seen.coversCreationOf(event));
            entries.addLast(added);
            byDevice.computeIfAbsent(event.deviceId(), _ -> new ArrayDeque<>()).addLast(added);
            bytes += event.sizeInBytes();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Skips a record that belongs to no device. */
    void skip(long offset) {
        lock.lock();
        try {
            next = offset + 1;
        } finally {
            lock.unlock();
        }
    }

    /** The device's events after the offset {@code seenUpTo}. */
    FeedRead read(String deviceId, long seenUpTo, ReadLimit limit) {
        lock.lock();
        try {
            if (seenUpTo < evicted.upTo(deviceId)) {
                return new FeedRead.TooOld(evicted.upTo(deviceId));
            }
            var events = new ArrayList<Event>();
            long size = 0;
            for (var entry : byDevice.getOrDefault(deviceId, new ArrayDeque<>())) {
                var event = entry.event();
                if (event.offset() <= seenUpTo || !limit.wanted().test(event)) {
                    continue;
                }
                if (!entry.isKnownNew()) {
                    return events.isEmpty()
                            ? new FeedRead.TooOld(event.offset())
                            : new FeedRead.Found(
                                    new Page(events, events.getLast().offset(), true));
                }
                size += event.data().remaining();
                if (events.size() == limit.events() || (size > limit.bytes() && !events.isEmpty())) {
                    return new FeedRead.Found(new Page(events, events.getLast().offset(), true));
                }
                events.add(event);
            }
            return new FeedRead.Found(new Page(events, Math.max(seenUpTo, next - 1), false));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The offsets of the device's events with these ids, as far as they are in the ring and certainly no repetitions.
     */
    HeldOffsets offsetsOf(String deviceId, Set<String> eventIds) {
        lock.lock();
        try {
            var offsets = new HashMap<String, Long>();
            long minOffset = evicted.upTo(deviceId);
            for (var entry : byDevice.getOrDefault(deviceId, new ArrayDeque<>())) {
                var event = entry.event();
                if (eventIds.contains(event.eventId())) {
                    if (entry.isKnownNew()) {
                        offsets.put(event.eventId(), event.offset());
                    } else {
                        minOffset = event.offset();
                    }
                }
            }
            return new HeldOffsets(offsets, minOffset);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The last offset before the first event written at {@code time} or later; empty when that event may have been
     * evicted.
     */
    Optional<Long> offsetBefore(Instant time) {
        lock.lock();
        try {
            if (time.isBefore(coveredSince)) {
                return Optional.empty();
            }
            return Optional.of(entries.stream()
                    .filter(entry -> !entry.since().isBefore(time))
                    .map(entry -> entry.event().offset() - 1)
                    .findFirst()
                    .orElse(next - 1));
        } finally {
            lock.unlock();
        }
    }

    /** The offset up to which events of the device may have been evicted. */
    long evictedUpTo(String deviceId) {
        lock.lock();
        try {
            return evicted.upTo(deviceId);
        } finally {
            lock.unlock();
        }
    }

    RingState state() {
        lock.lock();
        try {
            return new RingState(start, next, bytes, coveredSince);
        } finally {
            lock.unlock();
        }
    }

    private void evict(Instant now) {
        var oldest = now.minus(bounds.age());
        while (!entries.isEmpty()
                && (bytes > bounds.bytes() || entries.getFirst().since().isBefore(oldest))) {
            var removed = entries.removeFirst();
            bytes -= removed.event().sizeInBytes();
            start = removed.event().offset() + 1;
            evicted.add(removed.event());
            // Producers' clocks differ a little: timestamps do not always ascend with offsets.
            var since = removed.since().plusMillis(1);
            coveredSince = since.isAfter(coveredSince) ? since : coveredSince;
            byDevice.computeIfPresent(removed.event().deviceId(), (_, events) -> {
                events.removeFirst();
                return events.isEmpty() ? null : events;
            });
        }
    }
}
