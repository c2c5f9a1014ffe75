package dev.ncwrelay.delivery.channel.registry;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.memory.NewestEntries;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * Subscriptions and states by their keys. Each topic has one thread that writes; any thread may read. The topics are
 * read independently, so a state may be known before its subscription.
 */
final class ChannelIndex {

    private static final int MAX_REMOVALS = 1_000;

    /** A node that removes a subscription asks a moment later. */
    private static final Duration REMOVALS_KEPT = Duration.ofMinutes(1);

    /** Sorted, so that those of a device are next to each other. */
    private final ConcurrentNavigableMap<String, ChannelSubscription> subscriptions = new ConcurrentSkipListMap<>();

    private final ConcurrentMap<String, ChannelState> states = new ConcurrentHashMap<>();
    private final NewestEntries<Tombstone, ChannelSubscription> removed =
            new NewestEntries<>(MAX_REMOVALS, REMOVALS_KEPT, System::nanoTime);

    private record Tombstone(int partition, long offset) {}

    Optional<SubscribedChannel> find(ChannelKey key) {
        var recordKey = key.recordKey();
        return Optional.ofNullable(subscriptions.get(recordKey)).map(found -> withState(recordKey, found));
    }

    /** Those of this device and kind, of any ownership. */
    Stream<SubscribedChannel> find(String deviceId, String kind) {
        return of(ChannelKey.prefixOf(deviceId, kind)).entrySet().stream()
                .map(found -> withState(found.getKey(), found.getValue()));
    }

    /** Those of this device, of any ownership. */
    Stream<ChannelSubscription> ofDevice(String deviceId) {
        return of(ChannelKey.prefixOf(deviceId)).values().stream();
    }

    /** A former owner's subscription that is written late does not replace the present owner's. */
    void put(String recordKey, ChannelSubscription subscription) {
        subscriptions.merge(
                recordKey, subscription, (known, read) -> read.getEpoch() < known.getEpoch() ? known : read);
    }

    /** Applies the tombstone at this offset. */
    void remove(String recordKey, int partition, long offset) {
        var before = subscriptions.remove(recordKey);
        if (before != null) {
            removed.put(new Tombstone(partition, offset), before);
        }
    }

    /** What the tombstone at this offset has removed, if anything, and if it was read a moment ago. */
    Optional<ChannelSubscription> removedAt(int partition, long offset) {
        return Optional.ofNullable(removed.get(new Tombstone(partition, offset)));
    }

    void putState(String recordKey, ChannelState state) {
        states.put(recordKey, state);
    }

    void removeState(String recordKey) {
        states.remove(recordKey);
    }

    int size() {
        return subscriptions.size();
    }

    private ConcurrentNavigableMap<String, ChannelSubscription> of(String prefix) {
        return subscriptions.subMap(prefix, prefix + Character.MAX_VALUE);
    }

    private SubscribedChannel withState(String recordKey, ChannelSubscription subscription) {
        var state = states.get(recordKey);
        boolean isOfAnother = state != null && !state.getSubscriptionId().equals(subscription.getSubscriptionId());
        return new SubscribedChannel(subscription, isOfAnother ? null : state);
    }
}
