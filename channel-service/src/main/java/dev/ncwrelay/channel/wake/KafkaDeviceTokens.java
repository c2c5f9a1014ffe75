package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.FcmChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens in the subscriptions.
 *
 * @param generation of the events topic
 */
record KafkaDeviceTokens(
        Subscriptions subscriptions, TokenStates states, Acknowledgements acknowledgements, String kind, int generation)
        implements DeviceTokens {

    @Override
    public List<Token> of(String deviceId) {
        return subscriptions
                .keys(deviceId, kind)
                .flatMap(key -> find(key).stream())
                .filter(subscription -> !isBroken(subscription))
                .map(this::token)
                .toList();
    }

    @Override
    public Optional<Subscription> find(ChannelKey key) {
        return subscriptions.find(key).map(found -> found.in(generation));
    }

    @Override
    public Set<ChannelKey> keys(String deviceId) {
        return subscriptions.allKeys(deviceId, kind);
    }

    @Override
    public boolean isSubscribed(String deviceId) {
        return subscriptions.keys(deviceId, kind).findAny().isPresent();
    }

    @Override
    public boolean isCurrent() {
        return subscriptions.failure().isEmpty();
    }

    private boolean isBroken(Subscription subscription) {
        return states.state(subscription.key())
                .filter(state -> state.isBroken() && state.subscriptionId().equals(subscription.id()))
                .isPresent();
    }

    private Token token(Subscription subscription) {
        var consumer = subscription.settings().getOrDefault(FcmChannel.CONSUMER, "");
        return new Token(
                subscription,
                acknowledgements.of(
                        subscription.key().deviceId(),
                        consumer,
                        subscription.device().epoch(),
                        generation));
    }
}
