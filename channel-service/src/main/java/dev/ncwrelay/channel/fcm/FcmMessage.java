package dev.ncwrelay.channel.fcm;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.WebpushConfig;
import dev.ncwrelay.channel.wake.WakeUp;
import dev.ncwrelay.cursor.CursorCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A wake-up as a data message: the version of this form, a hash of the device's id and a cursor, and nothing of an event. FCM
 * uses the part for the token's platform.
 *
 * @param cursors signs the cursor in the message
 * @param ttl how long FCM keeps it for a phone that is off
 */
record FcmMessage(CursorCodec cursors, Duration ttl, Clock clock) {

    private static final String VERSION = "1";

    /** 128 bits. Web Push permits 32 characters in a topic, which is its collapse key (RFC 8030, section 5.4). */
    private static final int HASH_CHARACTERS = 32;

    @SuppressWarnings(
            "deprecation") // A registration token. Ids of installations, which are to replace it, are sent otherwise.
    Message of(WakeUp wakeUp) {
        var deviceId = wakeUp.subscription().key().deviceId();
        var device = hash(deviceId);
        return Message.builder()
                .setToken(FcmToken.of(wakeUp.subscription()))
                .putData("relay", VERSION)
                .putData("device", device)
                .putData("cursor", cursors.encode(deviceId, wakeUp.newest()))
                .setAndroidConfig(android(device, wakeUp.urgent()))
                .setApnsConfig(apns(device))
                .setWebpushConfig(webpush(device, wakeUp.urgent()))
                .build();
    }

    /** The first 32 hexadecimal digits of the SHA-256 of the device's id. */
    static String hash(String deviceId) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256").digest(deviceId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
