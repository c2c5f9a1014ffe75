package dev.ncwrelay.channel.forward;

import dev.ncwrelay.schemas.ChannelKey;

/** Keeps the progress of subscriptions. Methods that write return when it is stored, and throw when it may not be. */
interface StateStore {

    void save(Progress progress);

    /** Forgets a subscription that has ended. */
    void remove(ChannelKey key);

    /** True when there is stored progress for this key, of whatever subscription. */
    boolean contains(ChannelKey key);

    /** True when another instance has stored something else than this, which it may do after it has lost the partition. */
    boolean isOverwritten(Progress progress);
}
