package dev.ncwrelay.channel.fcm;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.WebpushConfig;
import dev.ncwrelay.channel.wake.WakeUp;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.schemas.FcmChannel;
import java.time.Clock;
import java.time.Duration;

/**
 * A wake-up as a data message: the version of this form, a hash of the device's id and a cursor, and nothing of an event. FCM
 * uses the part for the token's platform.
 *
 * @param cursors signs the cursor in the message
 * @param ttl how long FCM keeps it for a phone that is off
 */
record FcmMessage(CursorCodec cursors, Duration ttl, Clock clock) {

    @SuppressWarnings(
            "deprecation") // A registration token. Ids of installations, which are to replace it, are sent otherwise.
    Message of(WakeUp wakeUp) {
        var deviceId = wakeUp.subscription().key().deviceId();
        var device = FcmChannel.hashOf(deviceId);
        return Message.builder()
                .setToken(FcmToken.of(wakeUp.subscription()))
                .putData("relay", FcmChannel.DATA_VERSION)
                .putData("device", device)
                .putData("cursor", cursors.encode(deviceId, wakeUp.newest()))
                .setAndroidConfig(android(device, wakeUp.urgent()))
                .setApnsConfig(apns(device))
                .setWebpushConfig(webpush(device, wakeUp.urgent()))
                .build();
    }

    private AndroidConfig android(String device, boolean urgent) {
        return AndroidConfig.builder()
                .setCollapseKey(device)
                .setPriority(urgent ? AndroidConfig.Priority.HIGH : AndroidConfig.Priority.NORMAL)
                .setTtl(ttl.toMillis())
                .build();
    }

    /**
     * A background notification, whose priority must be 5:
     * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns.
     */
    private ApnsConfig apns(String device) {
        return ApnsConfig.builder()
                .putHeader("apns-push-type", "background")
                .putHeader("apns-priority", "5")
                .putHeader(
                        "apns-expiration",
                        Long.toString(clock.instant().plus(ttl).getEpochSecond()))
                .putHeader("apns-collapse-id", device)
                .setAps(Aps.builder().setContentAvailable(true).build())
                .build();
    }

    private WebpushConfig webpush(String device, boolean urgent) {
        return WebpushConfig.builder()
                .putHeader("TTL", Long.toString(ttl.toSeconds()))
                .putHeader("Urgency", urgent ? "high" : "normal")
                .putHeader("Topic", device)
                .build();
    }
}
