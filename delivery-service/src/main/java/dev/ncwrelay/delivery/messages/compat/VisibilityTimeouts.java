package dev.ncwrelay.delivery.messages.compat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Messages handed out lately. Who was given one has two minutes to delete it; until then nobody else is given it, and
 * afterwards it is offered again: the demo backend's rule.
 */
final class VisibilityTimeouts {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Of a node. One that is forgotten before its time is offered again before its time. */
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

    /** True for the one caller who may hand it out now. */
    boolean claim(String deviceId, long id) {
        return delivered.asMap().putIfAbsent(new DeliveredMessage(deviceId, id), true) == null;
    }
}
