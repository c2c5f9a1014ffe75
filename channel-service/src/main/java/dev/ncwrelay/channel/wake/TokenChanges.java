package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The changes of a partition's subscriptions and tokens, and the states that follow from them. */
final class TokenChanges {

    /** Keys of one call, so that a partition with many does not hold back the others. */
    private static final int MAX_KEYS = 500;

    private final DeviceTokens tokens;
    private final TokenStates states;
    private final Begin begin;
    private final Queue<ChannelKey> changed = new ConcurrentLinkedQueue<>();

    /** Those whose states are stored later. */
    private final Queue<ChannelKey> later = new ConcurrentLinkedQueue<>();

    /** The subscriptions in force that were seen. */
    private final Map<ChannelKey, Seen> inForce = new HashMap<>();

    /** With other settings a subscription may await what it did not await before. */
    private record Seen(String subscriptionId, Map<String, String> settings) {}

    /** Tokens that the service calls invalid, until their state is stored. */
    private final Map<ChannelKey, Gone> gone = new ConcurrentHashMap<>();

    /** @param next the first offset that its device was not woken for */
    private record Gone(String subscriptionId, String reason, long next) {

        private Gone from(Subscription subscription) {
            return new Gone(subscriptionId, reason, Math.min(next, subscription.eventsFrom()));
        }
    }

    /** What a subscription needs before its state is stored. */
    interface Begin {

        /**
         * It is seen for the first time, or with other settings.
         *
         * @param isKnown whether its state is stored, so that an instance before has seen it
         */
        void begun(Subscription subscription, boolean isKnown);

        /** Whether an instance that finds its state stored misses none of its events. */
        boolean isCommitted(Subscription subscription);
    }

    TokenChanges(DeviceTokens tokens, TokenStates states, Begin begin) {
        this.tokens = tokens;
        this.states = states;
        this.begin = begin;
    }

    /** To be looked at. Does not block. */
    void changed(ChannelKey key) {
        changed.add(key);
    }

    /**
     * The service calls the token of this subscription invalid. Does not block.
     *
     * @param next the first offset that its device was not woken for
     */
    void gone(Subscription subscription, String reason, long next) {
        gone.put(subscription.key(), new Gone(subscription.id(), reason, next));
        changed(subscription.key());
    }

    /**
     * Looks at some of what has changed, and waits until the states are stored. For one thread.
     *
     * @return whether more waits
     * @throws IllegalStateException when something failed, which is tried again with the next call
     */
    boolean reconcile() {
        var writes = new HashMap<ChannelKey, CompletableFuture<?>>();
        for (int left = later.size(); left > 0; left--) {
            changed.add(later.remove());
        }
        boolean hasFailed = false;
        // Each write may block for seconds while the brokers are away.
        for (int keys = 0; keys < MAX_KEYS && !hasFailed; keys++) {
            var next = changed.poll();
            if (next == null) {
                break;
            }
            try {
                // The change of a device concerns all its tokens.
                var all = next.name().isEmpty() ? tokens.keys(next.deviceId()) : Set.of(next);
                all.forEach(key -> reconcile(key).ifPresent(write -> writes.put(key, write)));
            } catch (RuntimeException e) {
                writes.put(next, CompletableFuture.failedFuture(e));
            }
            hasFailed = writes.values().stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        }
        await(writes);
        return !changed.isEmpty();
    }

    private void await(Map<ChannelKey, CompletableFuture<?>> writes) {
        try {
            CompletableFuture.allOf(writes.values().toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            writes.forEach((key, write) -> {
                if (write.isCompletedExceptionally()) {
                    changed(key);
                }
            });
            throw new IllegalStateException("state not stored: " + ClientFailure.text(ClientFailure.cause(e)), e);
        }
    }

    /** Returns the write of a state, if one is necessary. */
    private Optional<CompletableFuture<?>> reconcile(ChannelKey key) {
        var stored = states.state(key);
        var found = tokens.find(key);
        if (found.isEmpty()) {
            inForce.remove(key);
            gone.remove(key);
            return stored.map(_ -> states.remove(key));
        }
        var subscription = found.get();
        var current = stored.filter(state -> state.subscriptionId().equals(subscription.id()));
        if (current.filter(TokenStates.Stored::isBroken).isPresent()) {
            gone.remove(key);
            return Optional.empty();
        }
        var seen = new Seen(subscription.id(), subscription.settings());
        if (!seen.equals(inForce.put(key, seen))) {
            begin.begun(subscription, current.isPresent());
            // The token was refused before all its events were known.
            gone.computeIfPresent(key, (_, known) -> known.from(subscription));
        }
        var refusal = gone.get(key);
        if (refusal != null && refusal.subscriptionId().equals(subscription.id())) {
            return Optional.of(states.broken(subscription, refusal.next(), refusal.reason()));
        }
        if (current.isPresent()) {
            return Optional.empty();
        }
        if (!begin.isCommitted(subscription)) {
            later.add(key);
            return Optional.empty();
        }
        return Optional.of(states.active(subscription));
    }
}
