package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the rings of a node: {@code relay.delivery.feed.*}.
 *
 * @param window how long an event stays in the ring
 * @param maxBytes maximum size of all rings of a node together
 * @param dedupeEntries how many event ids a node remembers, so that a webhook that was sent twice is delivered once;
 *     also the number of devices whose last evicted offset it remembers
 * @param dedupeMemory how long an event id is remembered
 */
@ConfigurationProperties(prefix = "relay.delivery.feed", ignoreUnknownFields = false)
public record FeedSettings(
        @DefaultValue("120s") Duration window,
        @DefaultValue("128MB") DataSize maxBytes,
        @DefaultValue("240000") int dedupeEntries,
        @DefaultValue("24h") Duration dedupeMemory) {

    public FeedSettings {
        require(window.isPositive(), "window", "positive", window);
        require(maxBytes.toBytes() > 0, "max-bytes", "positive", maxBytes);
        require(dedupeEntries > 0, "dedupe-entries", "positive", dedupeEntries);
        require(dedupeMemory.isPositive(), "dedupe-memory", "positive", dedupeMemory);
    }

    RingBounds perPartition(int partitions) {
        return new RingBounds(
                window,
                Math.max(1, maxBytes.toBytes() / partitions),
                Math.max(1, dedupeEntries / partitions),
                dedupeMemory);
    }

    private static void require(boolean holds, String key, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "relay.delivery.feed." + key + " must be " + expected + ", not " + actual);
        }
    }
}
