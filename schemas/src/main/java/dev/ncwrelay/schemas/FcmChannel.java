package dev.ncwrelay.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the subscriptions to the kind {@code fcm} have in their settings, and every push in its data. */
public final class FcmChannel {

    /** The setting with the registration token, which is secret. */
    public static final String TOKEN = "token";

    /** The setting with the platform: {@code android}, {@code ios} or {@code web}. */
    public static final String PLATFORM = "platform";

    /** The setting with the installation whose events wake the token; without it, those of all do. */
    public static final String PHYSICAL_DEVICE_ID = "physicalDeviceId";

    /** The setting with the consumer whose acknowledgements count; without it, the unnamed one. */
    public static final String CONSUMER = "consumer";

    /** The version of the data of a push. */
    public static final String DATA_VERSION = "1";

    private static final int TOKEN_BYTES = 8;

    /** Web Push permits 32 characters in a topic, which is its collapse key (RFC 8030, section 5.4). */
    private static final int DEVICE_BYTES = 16;

    private FcmChannel() {}

    /** The name of a token's subscription: the first 16 hexadecimal digits, in lower case, of the token's SHA-256. */
    public static String nameOf(String token) {
        return hash(token, TOKEN_BYTES);
    }

    /** What the data of a push has for the device: the first 32 hexadecimal digits, in lower case, of its id's SHA-256. */
    public static String hashOf(String deviceId) {
        return hash(deviceId, DEVICE_BYTES);
    }

    private static String hash(String text, int bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
