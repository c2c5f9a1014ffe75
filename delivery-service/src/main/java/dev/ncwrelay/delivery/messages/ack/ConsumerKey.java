package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.schemas.CursorRecords;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Identifies a consumer of a device.
 *
 * @param consumer its name; empty for the unnamed consumer
 */
public record ConsumerKey(String deviceId, String consumer) {

    /** The key of the consumer's records. */
    String text() {
        return CursorRecords.key(deviceId, consumer);
    }

    /** Parses the key of a record; empty when it is not a consumer's. */
    public static Optional<ConsumerKey> parse(byte[] key) {
        return parse(new String(key, StandardCharsets.UTF_8));
    }

    static Optional<ConsumerKey> parse(String key) {
        int end = key.indexOf(CursorRecords.KEY_SEPARATOR);
        return end < 0 ? Optional.empty() : Optional.of(new ConsumerKey(key.substring(0, end), key.substring(end + 1)));
    }

    /**
     * True when a client chose the name: names that the relay uses itself begin with a tilde, which clients cannot use.
     */
    boolean isNamed() {
        return !consumer.isEmpty() && consumer.charAt(0) != '~';
    }
}
