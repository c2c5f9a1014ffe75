package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of the streams a node holds: {@code relay.delivery.feed.*}.
 *
 * @param window how long an event is held
 * @param maxBytes how much all partitions of a node hold together
 * @param dedupeEntries how many event ids a node remembers, to deliver a webhook that was sent twice once; and of how
 *     many devices it remembers which of their events it no longer holds
 * @param dedupeMemory for how long
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
