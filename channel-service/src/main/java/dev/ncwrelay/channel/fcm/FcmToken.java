package dev.ncwrelay.channel.fcm;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.FcmChannel;

/** The registration token in the settings of a subscription. */
final class FcmToken {

    private FcmToken() {}

    /** Never empty, as the library requires. */
    static String of(Subscription subscription) {
        var token = subscription.settings().getOrDefault(FcmChannel.TOKEN, "");
        // delivery-service writes none without a token. FCM rejects this one.
        return token.isEmpty() ? "none" : token;
    }
}
