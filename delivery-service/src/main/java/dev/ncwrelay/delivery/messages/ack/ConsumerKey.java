package dev.ncwrelay.delivery.messages.ack;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One of the readers of a device.
 *
 * @param consumer its name, empty for the unnamed one
 */
public record ConsumerKey(String deviceId, String consumer) {

    private static final char END = '\0';

    /** The key of its records. */
    String text() {
        return deviceId + END + consumer;
    }

    /** What the key of a record says; empty when it is none. */
    public static Optional<ConsumerKey> parse(byte[] key) {
        return parse(new String(key, StandardCharsets.UTF_8));
    }

    static Optional<ConsumerKey> parse(String key) {
        int end = key.indexOf(END);
        return end < 0 ? Optional.empty() : Optional.of(new ConsumerKey(key.substring(0, end), key.substring(end + 1)));
    }

    /** True when a client chose the name: the relay's own begin with a tilde, which no client can choose. */
    boolean isNamed() {
        return !consumer.isEmpty() && consumer.charAt(0) != '~';
    }
}
