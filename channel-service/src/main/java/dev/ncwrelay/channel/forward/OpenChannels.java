package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
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

    /** For the user: what is wrong is in the log, and in the health of the kind. */
    private static final String NOT_OPENED = "it could not be made ready, and is tried again";

    private final Channel channel;
    private final StateStore states;
    private final ProgressTable progress;
    private final Clock clock;

    /** Subscriptions that may have a channel, in addition to the stored one. */
    private final Map<ChannelKey, Set<String>> opened = new HashMap<>();

    OpenChannels(Channel channel, StateStore states, ProgressTable progress, Clock clock) {
        this.channel = channel;
        this.states = states;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Opens the channels that are not open yet. Those that it does not open are removed from {@code due}: when one fails, it and
     * all after it, since the next would often take as long; and those for which there is no time.
     *
     * @param failures gets the failure
     * @return true when there was no time for all
     */
    boolean openAll(Map<ChannelKey, Behind> due, Duration time, List<RuntimeException> failures) {
        var pending = due.values().stream().filter(behind -> !behind.open()).toList();
        pending.forEach(behind -> due.remove(behind.subscription().key()));
        var end = clock.instant().plus(time);
        for (var behind : pending) {
            if (clock.instant().isAfter(end)) {
                return true;
            }
            try {
                due.put(behind.subscription().key(), open(behind));
            } catch (RuntimeException e) {
                failures.add(e);
                return false;
            }
        }
        return false;
    }

    /** Makes the channel of a new subscription ready, and closes those of former ones. */
    private Behind open(Behind pending) {
        // If it fails, all others are tried before it is tried again.
        progress.put(pending.postponed(clock.instant()));
        var subscription = pending.subscription();
        close(subscription.key(), id -> !id.equals(subscription.id()));
        opened.computeIfAbsent(subscription.key(), _ -> new HashSet<>()).add(subscription.id());
        states.save(List.of(pending));
        try {
            channel.open(subscription);
        } catch (RuntimeException e) {
            // Not before the former channels are closed: the store knows of them until then.
            notOpened(pending);
            throw e;
        }
        var opened = pending.opened();
        progress.put(opened);
        return opened;
    }

    private void notOpened(Behind pending) {
        var failed = pending.notOpened(NOT_OPENED, clock.instant());
        if (pending.refusal() == null) {
            progress.putAndStore(failed);
        } else {
            progress.put(failed);
        }
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
