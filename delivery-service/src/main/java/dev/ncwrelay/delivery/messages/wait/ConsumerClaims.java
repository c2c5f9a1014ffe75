package dev.ncwrelay.delivery.messages.wait;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The latest claim of each named consumer, kept while any claim to that name is registered. So a consumer that is
 * sending instead of waiting learns of a later claim, too, even when that one has been released again.
 */
final class ConsumerClaims {

    private final ConcurrentMap<Name, Claims> entries = new ConcurrentHashMap<>();

    private record Name(String deviceId, String consumer) {}

    private record Claims(long latest, int holders) {}

    void register(String deviceId, ConsumerClaim claim) {
        entries.merge(
                new Name(deviceId, claim.consumer()),
                new Claims(claim.sequence(), 1),
                (others, added) -> new Claims(Math.max(others.latest, added.latest), others.holders + 1));
    }

    void release(String deviceId, ConsumerClaim claim) {
        entries.computeIfPresent(
                new Name(deviceId, claim.consumer()),
                (_, claims) -> claims.holders == 1 ? null : new Claims(claims.latest, claims.holders - 1));
    }

    /** True when no later claim was registered while this one was. */
    boolean isNewest(String deviceId, ConsumerClaim claim) {
        var claims = entries.get(new Name(deviceId, claim.consumer()));
        return claims == null || claim.sequence() >= claims.latest;
    }

    /** Number of names with a registered claim. */
    int size() {
        return entries.size();
    }
}
