package dev.ncwrelay.delivery.channel.fcm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes that name a text without telling it. */
final class ShortHash {

    private static final int TOKEN_BYTES = 8;
    private static final int DEVICE_BYTES = 16;

    private ShortHash() {}

    /** The name of a token: the first 16 hexadecimal digits, in lower case, of its SHA-256. */
    static String ofToken(String token) {
        return of(token, TOKEN_BYTES);
    }

    /** What channel-service sends in the data of a push: the first 32 hexadecimal digits of the SHA-256 of the device id. */
    static String ofDevice(String deviceId) {
        return of(deviceId, DEVICE_BYTES);
    }

    private static String of(String text, int bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
