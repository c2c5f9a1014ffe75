package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a request to subscribe changes. */
sealed interface SubscriptionChange {

    /** Nothing: the device is subscribed as it wants to be. */
    record None(SubscribedChannel present) implements SubscriptionChange {}

    /** This record is to be written. {@code isNew} when the device was not subscribed. */
    record Write(ChannelSubscription subscription, boolean isNew) implements SubscriptionChange {}

    /**
     * A request to subscribe.
     *
     * @param settings what the kind of channel needs
     * @param generation of the events topic, read before {@code eventsEnd}
     * @param eventsEnd where the device's partition of the events topic ends
     * @param nextId for a subscription that begins anew
     */
    record Request(
            RegisteredDevice device,
            ChannelKey key,
            Map<String, String> settings,
            int generation,
            long eventsEnd,
            String nextId,
            Instant now) {

        public Request {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * The change that leaves no event out: a new subscription begins at the end, one to a broken channel where the
     * former one ended, and one with other settings goes on as it is.
     *
     * @param present the subscription of this ownership of the device, if any
     */
    static SubscriptionChange of(Request request, Optional<SubscribedChannel> present) {
        if (present.isEmpty()) {
            return new Write(begun(request, request.eventsEnd()), true);
        }
        var known = present.get();
        var state = known.state();
        if (state != null && known.isBroken()) {
            // In another generation none of its events has been forwarded.
            long resumeFrom = state.getGeneration() == request.generation() ? state.getResumeFrom() : 0;
            return new Write(begun(request, resumeFrom), false);
        }
        if (Objects.equals(known.subscription().getSettings(), request.settings())) {
            return new None(known);
        }
        var changed = ChannelSubscription.newBuilder(known.subscription())
                .setSettings(request.settings())
                .build();
        return new Write(changed, false);
    }

    private static ChannelSubscription begun(Request request, long eventsFrom) {
        return new ChannelSubscription(
                request.key().deviceId(),
                request.key().kind(),
                request.key().name(),
                request.nextId(),
                request.device().epoch(),
                request.generation(),
                Math.max(eventsFrom, request.device().eventsFrom()),
                request.now(),
                request.settings());
    }
}
