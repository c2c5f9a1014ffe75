package dev.ncwrelay.delivery.channel.fcm;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.FcmChannel;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Push notifications: a subscription for each registration token, whose name is a hash of the token. */
record FcmKind(FcmKindSettings fcm) implements ChannelKind {

    /**
     * What a token is registered for, and what its pushes look like.
     *
     * @param consumer whose acknowledgements count; null for the unnamed one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FcmWakeUp(
            String platform,
            @Nullable String physicalDeviceId,
            @Nullable String consumer,
            PushData data) {}

    /**
     * What the data of every push has; each also has {@code cursor}.
     *
     * @param relay the version of this format
     * @param device a hash of the device id, by which an app of several devices knows which one to poll
     */
    record PushData(String relay, String device) {}

    @Override
    public String name() {
        return "fcm";
    }

    @Override
    public Optional<String> unavailable() {
        return fcm.enabled()
                ? Optional.empty()
                : Optional.of("channels of the kind fcm are not configured: the operator must set "
                        + FcmKindSettings.ENABLED);
    }

    @Override
    public ChannelSettings settings(Map<String, Object> body) {
        return FcmBody.settings(body);
    }

    @Override
    public OptionalInt perDevice() {
        return OptionalInt.of(fcm.maxTokens());
    }

    @Override
    public FcmWakeUp connection(RegisteredDevice device, ChannelSubscription subscription) {
        var settings = subscription.getSettings();
        return new FcmWakeUp(
                settings.getOrDefault(FcmChannel.PLATFORM, ""),
                settings.get(FcmChannel.PHYSICAL_DEVICE_ID),
                settings.get(FcmChannel.CONSUMER),
                new PushData(FcmChannel.DATA_VERSION, FcmChannel.hashOf(device.deviceId())));
    }
}
