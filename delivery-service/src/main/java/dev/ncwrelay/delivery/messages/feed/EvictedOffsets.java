package dev.ncwrelay.delivery.messages.feed;

import java.util.LinkedHashMap;

/**
 * The last evicted offset of each device, so that a device whose own events are all in the ring does not need the
 * mailbox because other devices were busy. At most {@code capacity} devices are tracked; for all others the highest
 * evicted offset of a device that is no longer tracked is assumed. Not thread-safe.
 */
final class EvictedOffsets {

    private final int capacity;
    private final LinkedHashMap<String, Long> byDevice = new LinkedHashMap<>();
    private long evictedUpTo = -1;

    EvictedOffsets(int capacity) {
        this.capacity = capacity;
    }

    /** Starts again: for every device, anything before {@code offset} may have been evicted. */
    void reset(long offset) {
        byDevice.clear();
        evictedUpTo = offset - 1;
    }

    /** Records that this event was evicted. Events are evicted in the order of their offsets. */
    void add(Event event) {
        byDevice.putLast(event.deviceId(), event.offset());
        if (byDevice.size() > capacity) {
            evictedUpTo = byDevice.pollFirstEntry().getValue();
        }
    }

    /** The highest offset that may have been an evicted event of the device. */
    long upTo(String deviceId) {
        return Math.max(evictedUpTo, byDevice.getOrDefault(deviceId, evictedUpTo));
    }
}
