package dev.ncwrelay.delivery.channel.registry;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Subscriptions and states by their keys. Each topic has one thread that writes; any thread may read. The topics are
 * read independently, so a state may be known before its subscription.
 */
final class ChannelIndex {

    private final ConcurrentMap<String, ChannelSubscription> subscriptions = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ChannelState> states = new ConcurrentHashMap<>();

    Optional<SubscribedChannel> find(ChannelKey key) {
        var subscription = subscriptions.get(key.recordKey());
        if (subscription == null) {
            return Optional.empty();
        }
        var state = states.get(key.recordKey());
        boolean isOfAnother = state != null && !state.getSubscriptionId().equals(subscription.getSubscriptionId());
        return Optional.of(new SubscribedChannel(subscription, isOfAnother ? null : state));
    }

    /** A former owner's subscription that is written late does not replace the present owner's. */
    void put(String recordKey, ChannelSubscription subscription) {
        subscriptions.merge(
                recordKey, subscription, (known, read) -> read.getEpoch() < known.getEpoch() ? known : read);
    }

    void remove(String recordKey) {
        subscriptions.remove(recordKey);
    }

    Stream<ChannelSubscription> ofKind(String kind) {
        return subscriptions.values().stream()
                .filter(subscription -> subscription.getKind().equals(kind));
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
}
