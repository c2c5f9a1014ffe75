package dev.ncwrelay.delivery.messages.compat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Visibility timeout, as in the demo backend: a delivered message is hidden for two minutes, then offered again unless
 * deleted.
 */
final class VisibilityTimeouts {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Per node. A message evicted before its timeout is offered again early. */
    private static final int MESSAGES = 200_000;

    private final Cache<DeliveredMessage, Boolean> delivered;

    private record DeliveredMessage(String deviceId, long id) {}

    VisibilityTimeouts(Ticker ticker) {
        this.delivered = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(TIMEOUT)
                .maximumSize(MESSAGES)
                .build();
    }

    boolean isHidden(String deviceId, long id) {
        return delivered.getIfPresent(new DeliveredMessage(deviceId, id)) != null;
    }

    /** True for the one caller that may deliver it now. */
    boolean claim(String deviceId, long id) {
        return delivered.asMap().putIfAbsent(new DeliveredMessage(deviceId, id), true) == null;
    }
}
