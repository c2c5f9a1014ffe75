package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What a request to subscribe changes. */
sealed interface SubscriptionChange {

    /** Nothing: the device is subscribed as it wants to be. */
    record None(SubscribedChannel present) implements SubscriptionChange {}

    /** A subscription begins and this record is to be written. {@code isNew} unless it replaces a broken one. */
    record Begin(ChannelSubscription subscription, boolean isNew) implements SubscriptionChange {

        /** The settings may be secret. */
        @Override
        public String toString() {
            return "Begin[subscriptionId=" + subscription.getSubscriptionId() + ", isNew=" + isNew + "]";
        }
    }

    /** The subscription continues with other settings, and this record is to be written. */
    record Continue(ChannelSubscription subscription) implements SubscriptionChange {

        /** The settings may be secret. */
        @Override
        public String toString() {
            return "Continue[subscriptionId=" + subscription.getSubscriptionId() + "]";
        }
    }

    /**
     * A request to subscribe.
     *
     * @param kind name of the kind of channel
     * @param settings what the kind needs
     * @param generation of the events topic, read before {@code eventsEnd}
     * @param eventsEnd where the device's partition of the events topic ends
     * @param nextId for a subscription that begins anew
     */
    record Request(
            RegisteredDevice device,
            String kind,
            ChannelSettings settings,
            int generation,
            long eventsEnd,
            String nextId,
            Instant now) {}

    /**
     * The change that leaves no event out: a new subscription begins at the end, one to a broken channel where the
     * former one ended, and one with other settings goes on as it is.
     *
     * @param present the subscription of this ownership of the device, if any
     */
    static SubscriptionChange of(Request request, Optional<SubscribedChannel> present) {
        if (present.isEmpty()) {
            return new Begin(begun(request, request.eventsEnd()), true);
        }
        var known = present.get();
        var state = known.state();
        if (state != null && known.isBroken()) {
            // In another generation none of its events has been forwarded.
            long resumeFrom = state.getGeneration() == request.generation() ? state.getResumeFrom() : 0;
            return new Begin(begun(request, resumeFrom), false);
        }
        if (Objects.equals(
                known.subscription().getSettings(), request.settings().values())) {
            return new None(known);
        }
        return new Continue(ChannelSubscription.newBuilder(known.subscription())
                .setSettings(request.settings().values())
                .build());
    }

    private static ChannelSubscription begun(Request request, long eventsFrom) {
        return new ChannelSubscription(
                request.device().deviceId(),
                request.kind(),
                request.settings().name(),
                request.nextId(),
                request.device().epoch(),
                request.generation(),
                Math.max(eventsFrom, request.device().eventsFrom()),
                request.now(),
                request.settings().values());
    }
}
