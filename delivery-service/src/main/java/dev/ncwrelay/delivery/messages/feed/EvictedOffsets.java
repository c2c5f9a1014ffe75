package dev.ncwrelay.delivery.messages.feed;

import java.util.LinkedHashMap;

/**
 * What a ring no longer holds, by device: a device that lost nothing of its own need not be looked up elsewhere because
 * others were busy. Of devices it has forgotten it assumes the worst. Not safe for use by several threads.
 */
final class EvictedOffsets {

    private final int capacity;
    private final LinkedHashMap<String, Long> byDevice = new LinkedHashMap<>();
    private long evictedUpTo = -1;

    EvictedOffsets(int capacity) {
        this.capacity = capacity;
    }

    /** Nothing before {@code offset} is known of any device. */
    void reset(long offset) {
        byDevice.clear();
        evictedUpTo = offset - 1;
    }

    /** This event is gone. Events go in the order of their offsets. */
    void add(Event event) {
        byDevice.putLast(event.deviceId(), event.offset());
        if (byDevice.size() > capacity) {
            evictedUpTo = byDevice.pollFirstEntry().getValue();
        }
    }

    /** The last offset up to which the device may have lost something. */
    long upTo(String deviceId) {
        return Math.max(evictedUpTo, byDevice.getOrDefault(deviceId, evictedUpTo));
    }
}
