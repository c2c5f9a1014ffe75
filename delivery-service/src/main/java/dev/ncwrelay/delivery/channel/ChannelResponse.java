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
 * @param connection how to connect; its members depend on the kind
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChannelResponse(
        String kind, String state, @Nullable String reason, Instant since, Instant subscribedAt, Object connection) {

    /** All subscriptions of a device, by kind. */
    record ChannelList(List<ChannelResponse> channels) {}

    static ChannelResponse of(ChannelKind kind, RegisteredDevice device, SubscribedChannel channel) {
        return new ChannelResponse(
                kind.name(),
                channel.stateName(),
                channel.reason().orElse(null),
                channel.since(),
                channel.subscription().getCreatedAt(),
                kind.connection(device, channel.subscription().getSubscriptionId()));
    }
}
