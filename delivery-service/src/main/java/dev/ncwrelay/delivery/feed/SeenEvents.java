package dev.ncwrelay.delivery.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * The event ids a partition has carried lately, so that a webhook that Fireblocks sent twice is delivered once. Bounded
 * in number and age; what it has forgotten comes twice, with the same id. Not safe for use by several threads.
 */
final class SeenEvents {

    private final int capacity;
    private final Duration memory;
    private final LinkedHashMap<Key, Instant> seen = new LinkedHashMap<>();

    private record Key(String deviceId, String eventId) {}

    SeenEvents(int capacity, Duration memory) {
        this.capacity = capacity;
        this.memory = memory;
    }

    /** True when this device has not had this event; from now on it has. */
    boolean isNew(Event event, Instant now) {
        while (!seen.isEmpty() && (seen.size() > capacity || isStale(now))) {
            seen.pollFirstEntry();
        }
        return seen.putIfAbsent(new Key(event.deviceId(), event.eventId()), now) == null;
    }

    void clear() {
        seen.clear();
    }

    private boolean isStale(Instant now) {
        return seen.firstEntry().getValue().plus(memory).isBefore(now);
    }
}
