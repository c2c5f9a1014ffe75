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
 *   <li>It holds every event from {@code start} to before {@code next}. Where a device may have lost one of its own, a
 *       read is {@link FeedRead.TooOld}, never a slice with a hole; what others lost does not matter to it.
 *   <li>An event that was created before this ring began may be one that the device has had: a webhook sent again. Who
 *       remembers longer has to decide, so a read that comes to it is {@link FeedRead.TooOld} as well.
 *   <li>A read is a snapshot and costs what the device's own events cost, not the partition's.
 *   <li>A position beyond {@code next} (its holder came from a node that is ahead) stays as it is.
 * </ol>
 */
final class Ring {

    private final RingBounds bounds;
    private final RecentEventIds seen;
    private final EvictedOffsets evicted;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry> held = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Entry>> byDevice = new HashMap<>();
    private long start;
    private long next;
    private long bytes;
    private Instant coveredSince = Instant.MAX;

    /** An event; {@code isVouched} when it is certain that the device did not have it before. */
    private record Entry(Event event, Instant since, boolean isKnownNew) {}

    Ring(RingBounds bounds) {
        this.bounds = bounds;
        this.seen = new RecentEventIds(bounds.dedupeEntries(), bounds.dedupeMemory());
        this.evicted = new EvictedOffsets(bounds.dedupeEntries());
    }

    /** Begins anew at {@code offset}, vouching for everything written since {@code since}. */
    void reset(long offset, Instant since) {
        lock.lock();
        try {
            held.clear();
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

    /** Takes the next event; false when the device has had it already. */
    boolean append(Event event, Instant writtenAt, Instant now) {
        lock.lock();
        try {
            next = event.offset() + 1;
            evict(now);
            if (!seen.isNew(event, now)) {
                return false;
            }
            var added = new Entry(event, writtenAt, seen.coversCreationOf(event));
            held.addLast(added);
            byDevice.computeIfAbsent(event.deviceId(), _ -> new ArrayDeque<>()).addLast(added);
            bytes += event.sizeInBytes();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Passes over a record that is nobody's event. */
    void skip(long offset) {
        lock.lock();
        try {
            next = offset + 1;
        } finally {
            lock.unlock();
        }
    }

    /** What the device has after the offset {@code seenUpTo}. */
    FeedRead read(String deviceId, long seenUpTo, ReadLimit limit) {
        lock.lock();
        try {
            if (seenUpTo < evicted.upTo(deviceId)) {
                return new FeedRead.TooOld(evicted.upTo(deviceId));
            }
            var events = new ArrayList<Event>();
            long size = 0;
            for (var one : byDevice.getOrDefault(deviceId, new ArrayDeque<>())) {
                var event = one.event();
                if (event.offset() <= seenUpTo || !limit.wanted().test(event)) {
                    continue;
                }
                if (!one.isKnownNew()) {
                    return events.isEmpty()
                            ? new FeedRead.TooOld(event.offset())
                            : new FeedRead.Slice(events, events.getLast().offset(), true);
                }
                size += event.data().remaining();
                if (events.size() == limit.events() || (size > limit.bytes() && !events.isEmpty())) {
                    return new FeedRead.Slice(events, events.getLast().offset(), true);
                }
                events.add(event);
            }
            return new FeedRead.Slice(events, Math.max(seenUpTo, next - 1), false);
        } finally {
            lock.unlock();
        }
    }

    /** Where messages of the device are, of those that are held and certain to be new. */
    HeldOffsets offsetsOf(String deviceId, Set<String> eventIds) {
        lock.lock();
        try {
            var offsets = new HashMap<String, Long>();
            long needed = evicted.upTo(deviceId);
            for (var one : byDevice.getOrDefault(deviceId, new ArrayDeque<>())) {
                var event = one.event();
                if (eventIds.contains(event.eventId())) {
                    if (one.isKnownNew()) {
                        offsets.put(event.eventId(), event.offset());
                    } else {
                        needed = event.offset();
                    }
                }
            }
            return new HeldOffsets(offsets, needed);
        } finally {
            lock.unlock();
        }
    }

    /** The last offset before the first event written at {@code time} or later; empty when that may be gone. */
    Optional<Long> offsetBefore(Instant time) {
        lock.lock();
        try {
            if (time.isBefore(coveredSince)) {
                return Optional.empty();
            }
            return Optional.of(held.stream()
                    .filter(one -> !one.since().isBefore(time))
                    .map(one -> one.event().offset() - 1)
                    .findFirst()
                    .orElse(next - 1));
        } finally {
            lock.unlock();
        }
    }

    /** The offset up to which something of the device may be gone. */
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
        while (!held.isEmpty()
                && (bytes > bounds.bytes() || held.getFirst().since().isBefore(oldest))) {
            var gone = held.removeFirst();
            bytes -= gone.event().sizeInBytes();
            start = gone.event().offset() + 1;
            evicted.add(gone.event());
            // Producers' clocks differ a little: times need not ascend with offsets.
            var since = gone.since().plusMillis(1);
            coveredSince = since.isAfter(coveredSince) ? since : coveredSince;
            byDevice.computeIfPresent(gone.event().deviceId(), (_, events) -> {
                events.removeFirst();
                return events.isEmpty() ? null : events;
            });
        }
    }
}
