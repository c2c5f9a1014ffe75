package dev.ncwrelay.schemas;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Headers;

/** The keys and headers of the records of {@code ncw.device.cursors}. */
public final class CursorRecords {

    /** Header of a record without a value: the offset as of which it removes its consumer. A later record stays valid. */
    public static final String REMOVED_UP_TO = "ncw-forgets";

    /** Between the device and the consumer in a key. */
    public static final char KEY_SEPARATOR = '\0';

    private CursorRecords() {}

    /**
     * The key of a consumer's records.
     *
     * @param consumer its name; empty for the unnamed consumer
     */
    public static String key(String deviceId, String consumer) {
        return deviceId + KEY_SEPARATOR + consumer;
    }

    /** The value of {@link #REMOVED_UP_TO}; empty when there is none, or no number. */
    public static OptionalLong removedUpTo(Headers headers) {
        var upTo = headers.lastHeader(REMOVED_UP_TO);
        if (upTo == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(new String(upTo.value(), StandardCharsets.UTF_8)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
