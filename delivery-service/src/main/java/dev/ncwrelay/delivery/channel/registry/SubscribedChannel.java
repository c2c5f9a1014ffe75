package dev.ncwrelay.delivery.channel.registry;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of a device to a channel. Its settings may be secret: {@link #toString} does not show them.
 *
 * @param state the last state that channel-service has written of it; null before the first one
 */
public record SubscribedChannel(
        ChannelSubscription subscription, @Nullable ChannelState state) {

    private static final String PENDING = "pending";
    private static final String BROKEN = "broken";

    public SubscribedChannel {
        if (state != null && !state.getSubscriptionId().equals(subscription.getSubscriptionId())) {
            throw new IllegalArgumentException("the state of another subscription");
        }
    }

    public ChannelKey key() {
        return ChannelKey.of(subscription);
    }

    /** Its state's name; {@code pending} before channel-service has taken it up. */
    public String stateName() {
        return state == null ? PENDING : state.getState();
    }

    /** The channel is gone: nothing is forwarded until the device subscribes again. */
    public boolean isBroken() {
        return state != null && state.getState().equals(BROKEN);
    }

    /** Since when it is in its state. */
    public Instant since() {
        return state == null ? subscription.getCreatedAt() : state.getSince();
    }

    /** Why it is in its state, for people. */
    public Optional<String> reason() {
        return Optional.ofNullable(state).map(ChannelState::getReason);
    }

    @Override
    public String toString() {
        return "SubscribedChannel[deviceId=" + subscription.getDeviceId() + ", kind=" + subscription.getKind()
                + ", name=" + subscription.getName() + ", state=" + stateName() + "]";
    }
}
