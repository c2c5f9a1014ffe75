package dev.ncwrelay.delivery.messages.wait;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The latest claim of each named consumer, for as long as anyone with a claim to that name is here: also one who is busy
 * and does not wait learns that a later claim was made, even when the later one has left again.
 */
final class ConsumerClaims {

    private final ConcurrentMap<Named, Held> entries = new ConcurrentHashMap<>();

    private record Named(String deviceId, String consumer) {}

    private record Held(long latest, int holders) {}

    void register(String deviceId, ConsumerClaim place) {
        entries.merge(
                new Named(deviceId, place.consumer()),
                new Held(place.sequence(), 1),
                (others, mine) -> new Held(Math.max(others.latest, mine.latest), others.holders + 1));
    }

    void release(String deviceId, ConsumerClaim place) {
        entries.computeIfPresent(
                new Named(deviceId, place.consumer()),
                (_, all) -> all.holders == 1 ? null : new Held(all.latest, all.holders - 1));
    }

    /** True when no later claim has been made while one with this claim was here. */
    boolean isNewest(String deviceId, ConsumerClaim place) {
        var all = entries.get(new Named(deviceId, place.consumer()));
        return all == null || place.sequence() >= all.latest;
    }

    /** Names that are claimed now. */
    int size() {
        return entries.size();
    }
}
