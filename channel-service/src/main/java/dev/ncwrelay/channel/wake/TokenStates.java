package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The states of tokens, for their devices to see. Futures complete when a state is stored. */
interface TokenStates {

    /** The subscription that the stored state is of, and whether its token is broken; empty when nothing is stored. */
    Optional<Stored> state(ChannelKey key);

    /** Its token is in use. */
    CompletableFuture<?> active(Subscription subscription);

    /**
     * Its token is no longer valid, and will not be used any more.
     *
     * @param next the first offset that its device was not woken for, where the token that replaces it begins
     */
    CompletableFuture<?> broken(Subscription subscription, long next, String reason);

    /** Forgets a subscription that has ended. */
    CompletableFuture<?> remove(ChannelKey key);

    /** A stored state. */
    record Stored(String subscriptionId, boolean isBroken) {}
}
