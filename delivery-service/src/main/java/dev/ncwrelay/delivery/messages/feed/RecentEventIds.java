package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * Recent event ids of a partition, so that a webhook that Fireblocks sent twice is delivered once. Bounded by number
 * and age; a repetition of a forgotten id is delivered again, with the same id. Not thread-safe.
 */
final class RecentEventIds {

    private final int capacity;
    private final Duration retention;
    private final LinkedHashMap<Key, Instant> seen = new LinkedHashMap<>();
    private Instant completeSince = Instant.MAX;

    private record Key(String deviceId, String eventId) {}

    RecentEventIds(int capacity, Duration retention) {
        this.capacity = capacity;
        this.retention = retention;
    }

    /** Remembers the event's id; true when it is not known for this device yet. */
    boolean isNew(Event event, Instant now) {
        while (!seen.isEmpty() && (seen.size() >= capacity || isOldestExpired(now))) {
            // An event is read after it was created, so no event that was created after this time has been
            // forgotten.
            var forgottenUntil = seen.pollFirstEntry().getValue().plusMillis(1);
            completeSince = forgottenUntil.isAfter(completeSince) ? forgottenUntil : completeSince;
        }
        return seen.putIfAbsent(new Key(event.deviceId(), event.eventId()), now) == null;
    }

    /** Discards all ids; from now on it is given all events since {@code since}. */
    void reset(Instant since) {
        seen.clear();
        completeSince = since;
    }

    /** True when the event was created so recently that an earlier event with its id would be remembered. */
    boolean coversCreationOf(Event event) {
        return !event.createdAt().isBefore(completeSince);
    }

    private boolean isOldestExpired(Instant now) {
        return seen.firstEntry().getValue().plus(retention).isBefore(now);
    }
}
