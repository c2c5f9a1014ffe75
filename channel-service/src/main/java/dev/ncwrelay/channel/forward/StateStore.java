package dev.ncwrelay.channel.forward;

import dev.ncwrelay.schemas.ChannelKey;
import java.util.Collection;
import java.util.Optional;

/** Keeps the progress of subscriptions. Methods that write return when it is stored, and throw when it may not be. */
interface StateStore {

    /** Stores all of these, at once. */
    void save(Collection<Progress> progress);

    /** Forgets a subscription that has ended. */
    void remove(ChannelKey key);

    /** The subscription that the stored progress is of; empty when there is none for this key. */
    Optional<String> subscriptionId(ChannelKey key);

    /** True when another owner of the partition has stored something else than this, which it may do after it has lost the partition. */
    boolean isOverwritten(Progress progress);
}
