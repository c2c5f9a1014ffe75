package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.List;
import java.util.Optional;

/**
 * A kind of channel. Every method may be called again after a failure or a restart, and by several threads for different
 * devices.
 *
 * <p>All methods throw {@link ChannelUnavailableException} when the kind of channel cannot be used at present.
 */
public interface Channel {

    /** The kind, as in {@link ChannelKey#kind}. */
    String kind();

    /** Makes the channel of a subscription ready. It is apart from those of other subscriptions of the device. */
    void open(Subscription subscription);

    /** Removes the channel of a subscription that has ended, with all that is in it. */
    void close(ChannelKey key, String subscriptionId);

    /**
     * Sends messages of different devices and waits for the outcome of each.
     *
     * @param messages at most one per subscription
     * @return the outcomes in the same order
     */
    List<SendOutcome> send(List<Message> messages);

    /** Drops what is remembered of a subscription's channel: another instance may use it from now on. Does not block. */
    default void forget(Subscription subscription) {}

    /** Why it cannot be used at present, human-readable, as far as that is known without a call. Does not block. */
    default Optional<String> failure() {
        return Optional.empty();
    }
}
