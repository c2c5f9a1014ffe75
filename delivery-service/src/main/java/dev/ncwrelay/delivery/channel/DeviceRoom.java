package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whether a device may have a further subscription of a kind. */
sealed interface DeviceRoom {

    /** It may, after these are removed. */
    record Available(List<SubscribedChannel> removed) implements DeviceRoom {

        public Available {
            removed = List.copyOf(removed);
        }
    }

    /** It may not. */
    record Full() implements DeviceRoom {}

    /**
     * Removes those of former owners, and of the others no more than needed: those that have been broken for longest, so
     * that tokens that were replaced never fill the list. One that is not broken is never removed.
     *
     * @param others all subscriptions of the device and the kind but the one that begins, of any ownership
     * @param epoch of the device's ownership
     * @param limit most subscriptions of a device, broken ones included
     */
    static DeviceRoom of(List<SubscribedChannel> others, long epoch, int limit) {
        var former = others.stream()
                .filter(other -> other.subscription().getEpoch() < epoch)
                .toList();
        int needed = Math.max(0, others.size() - former.size() + 1 - limit);
        var broken = others.stream()
                .filter(other -> other.subscription().getEpoch() == epoch && other.isBroken())
                .sorted(Comparator.comparing(SubscribedChannel::since))
                .limit(needed)
                .toList();
        return broken.size() < needed
                ? new Full()
                : new Available(Stream.concat(former.stream(), broken.stream()).toList());
    }
}
