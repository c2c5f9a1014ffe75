package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * The event ids a partition has carried lately, so that a webhook that Fireblocks sent twice is delivered once. Bounded
 * in number and age; what it has forgotten comes twice, with the same id. Not safe for use by several threads.
 */
final class RecentEventIds {

    private final int capacity;
    private final Duration retention;
    private final LinkedHashMap<Key, Instant> seen = new LinkedHashMap<>();
    private Instant completeSince = Instant.MAX;

    private record Key(String deviceId, String eventId) {}

    RecentEventIds(int capacity, Duration memory) {
        this.capacity = capacity;
        this.retention = memory;
    }

    /** True when this device has not had this event; from now on it has. */
    boolean isNew(Event event, Instant now) {
        while (!seen.isEmpty() && (seen.size() >= capacity || isStale(now))) {
            // An event is seen after it was created: of those created later, none is forgotten.
            var forgotten = seen.pollFirstEntry().getValue().plusMillis(1);
            completeSince = forgotten.isAfter(completeSince) ? forgotten : completeSince;
        }
        return seen.putIfAbsent(new Key(event.deviceId(), event.eventId()), now) == null;
    }

    /** Forgets all, and knows what comes from now on, which is everything since {@code since}. */
    void reset(Instant since) {
        seen.clear();
        completeSince = since;
    }

    /** True when the event is so young that an earlier one of its id would be remembered. */
    boolean coversCreationOf(Event event) {
        return !event.createdAt().isBefore(completeSince);
    }

    private boolean isStale(Instant now) {
        return seen.firstEntry().getValue().plus(retention).isBefore(now);
    }
}
