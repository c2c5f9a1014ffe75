package dev.ncwrelay.delivery.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription in a response.
 *
 * @param name null for a kind of which a device has one subscription
 * @param connection how to connect; its members depend on the kind
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChannelResponse(
        String kind,
        @Nullable String name,
        String state,
        @Nullable String reason,
        Instant since,
        Instant subscribedAt,
        Object connection) {

    /** Subscriptions of a device, by kind, and of a kind the oldest first. */
    record ChannelList(List<ChannelResponse> channels) {}

    static ChannelResponse of(ChannelKind kind, RegisteredDevice device, SubscribedChannel channel) {
        var subscription = channel.subscription();
        return new ChannelResponse(
                kind.name(),
                kind.perDevice().isPresent() ? subscription.getName() : null,
                channel.stateName(),
                channel.reason().orElse(null),
                channel.since(),
                subscription.getCreatedAt(),
                kind.connection(device, subscription));
    }
}
