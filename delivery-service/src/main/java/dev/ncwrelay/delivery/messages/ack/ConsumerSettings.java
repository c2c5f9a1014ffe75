package dev.ncwrelay.delivery.messages.ack;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of a device's consumers: {@code relay.delivery.consumers.*}.
 *
 * @param perDevice maximum number of named consumers per device; the unnamed consumer does not count
 * @param unused after how long a consumer that neither reads nor acknowledges is removed
 */
@ConfigurationProperties(prefix = "relay.delivery.consumers", ignoreUnknownFields = false)
public record ConsumerSettings(
        @DefaultValue("16") int perDevice,
        @DefaultValue("90d") Duration unused) {

    private static final Duration MIN_UNUSED = Duration.ofHours(1);

    public ConsumerSettings {
        require(perDevice > 0, "per-device", "positive", perDevice);
        require(unused.compareTo(MIN_UNUSED) >= 0, "unused", "at least one hour", unused);
    }

    private static void require(boolean holds, String key, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "relay.delivery.consumers." + key + " must be " + expected + ", not " + actual);
        }
    }
}
