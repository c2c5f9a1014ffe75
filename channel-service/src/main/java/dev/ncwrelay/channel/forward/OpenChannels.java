package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Opens and closes the channels of a partition's subscriptions. No channel is left behind: each is stored before it is opened,
 * and those of former subscriptions are closed before.
 */
final class OpenChannels {

    private final Channel channel;
    private final StateStore states;
    private final ProgressTable progress;

    /** Subscriptions that may have a channel, in addition to the stored one. */
    private final Map<ChannelKey, Set<String>> opened = new HashMap<>();

    OpenChannels(Channel channel, StateStore states, ProgressTable progress) {
        this.channel = channel;
        this.states = states;
        this.progress = progress;
    }

    /**
     * Opens the channels that are not open yet. When one fails, it and those after it are removed from {@code due}: the next
     * would often take as long.
     *
     * @return the failure
     */
    Optional<RuntimeException> openAll(Map<ChannelKey, Behind> due, Instant now) {
        Optional<RuntimeException> failure = Optional.empty();
        for (var behind : List.copyOf(due.values())) {
            if (!behind.open()) {
                var key = behind.subscription().key();
                due.remove(key);
                if (failure.isEmpty()) {
                    try {
                        due.put(key, open(behind, now));
                    } catch (RuntimeException e) {
                        failure = Optional.of(e);
                    }
                }
            }
        }
        return failure;
    }

    /** Makes the channel of a new subscription ready, and closes those of former ones. */
    private Behind open(Behind pending, Instant now) {
        // If it fails, all others are tried before it is tried again.
        progress.put(pending.postponed(now));
        var subscription = pending.subscription();
        close(subscription.key(), id -> !id.equals(subscription.id()));
        opened.computeIfAbsent(subscription.key(), _ -> new HashSet<>()).add(subscription.id());
        states.save(pending);
        channel.open(subscription);
        var opened = pending.opened();
        progress.put(opened);
        return opened;
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
