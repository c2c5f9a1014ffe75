package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.StateWriter;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps them in {@code ncw.device.channel.states}. */
record KafkaTokenStates(StateWriter states, Subscriptions subscriptions, Clock clock) implements TokenStates {

    @Override
    public Optional<Stored> state(ChannelKey key) {
        return subscriptions
                .state(key)
                .map(state ->
                        new Stored(state.getSubscriptionId(), state.getState().equals(StateWriter.BROKEN)));
    }

    @Override
    public CompletableFuture<?> active(Subscription subscription) {
        return states.write(subscription, StateWriter.ACTIVE, subscription.eventsFrom(), null, clock.instant());
    }

    @Override
    public CompletableFuture<?> broken(Subscription subscription, long next, String reason) {
        return states.write(subscription, StateWriter.BROKEN, next, reason, clock.instant());
    }

    @Override
    public CompletableFuture<?> remove(ChannelKey key) {
        return states.remove(key);
    }
}
