package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Opens and closes the channels of a partition's subscriptions. No channel is left behind: each is stored before it is opened,
 * and those of former subscriptions are closed before.
 */
final class OpenChannels {

    private final Channel channel;
    private final StateStore states;
    /** Subscriptions that may have a channel, in addition to the stored one. */
    private final Map<ChannelKey, Set<String>> opened = new HashMap<>();

    OpenChannels(Channel channel, StateStore states) {
        this.channel = channel;
        this.states = states;
    }

    /** Makes the channel of a new subscription ready, and closes those of former ones. */
    void open(Behind pending) {
        var subscription = pending.subscription();
        close(subscription.key(), id -> !id.equals(subscription.id()));
        opened.computeIfAbsent(subscription.key(), _ -> new HashSet<>()).add(subscription.id());
        states.save(pending);
        channel.open(subscription);
    }

    /** Closes all channels of a device. */
    void closeAll(ChannelKey key) {
        close(key, _ -> true);
        opened.remove(key);
    }

    private void close(ChannelKey key, Predicate<String> unwanted) {
        var ids = opened.computeIfAbsent(key, _ -> new HashSet<>());
        states.subscriptionId(key).ifPresent(ids::add);
        for (var id : List.copyOf(ids)) {
            if (unwanted.test(id)) {
                channel.close(key, id);
                ids.remove(id);
            }
        }
    }
}
