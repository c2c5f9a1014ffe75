package dev.ncwrelay.delivery.channel.fcm;

import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.schemas.FcmChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the body of a subscription. What it says of an invalid one has nothing of its values: one is secret. */
final class FcmBody {

    private static final Set<String> MEMBERS =
            Set.of(FcmChannel.TOKEN, FcmChannel.PLATFORM, FcmChannel.PHYSICAL_DEVICE_ID, FcmChannel.CONSUMER);
    private static final Set<String> PLATFORMS = Set.of("android", "ios", "web");

    /** Firebase promises no format. */
    private static final Pattern TOKEN_FORMAT = Pattern.compile("[!-~]{1,4096}");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private FcmBody() {}

    /** What the subscription stores; its name is a hash of the token. */
    static ChannelSettings settings(Map<String, Object> body) {
        if (!MEMBERS.containsAll(body.keySet())) {
            throw expected("the members token, platform, physicalDeviceId and consumer, and no others, are expected");
        }
        var token = text(body, FcmChannel.TOKEN)
                .filter(given -> TOKEN_FORMAT.matcher(given).matches())
                .orElseThrow(() ->
                        expected("token must be 1 to 4096 printable ASCII characters without spaces: the registration"
                                + " token that Firebase has given the app"));
        var platform = text(body, FcmChannel.PLATFORM)
                .filter(PLATFORMS::contains)
                .orElseThrow(() -> expected("platform must be android, ios or web"));
        var values = new HashMap<>(Map.of(FcmChannel.TOKEN, token, FcmChannel.PLATFORM, platform));
        text(body, FcmChannel.PHYSICAL_DEVICE_ID).ifPresent(id -> {
            if (!ID.matcher(id).matches()) {
                throw expected("physicalDeviceId must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
            }
            values.put(FcmChannel.PHYSICAL_DEVICE_ID, id);
        });
        text(body, FcmChannel.CONSUMER).ifPresent(name -> values.put(FcmChannel.CONSUMER, ConsumerName.checked(name)));
        return new ChannelSettings(FcmChannel.nameOf(token), values);
    }

    /** Empty when the member is missing or null. */
    private static Optional<String> text(Map<String, Object> body, String member) {
        return Optional.ofNullable(body.get(member)).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw expected(member + " must be text");
        });
    }

    private static RuntimeException expected(String rule) {
        return new Failure.InvalidRequest(rule).exception();
    }
}
