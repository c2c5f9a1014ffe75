package dev.ncwrelay.delivery.messages.compat;

import dev.ncwrelay.delivery.memory.NewestEntries;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Visibility timeout, as in the demo backend: a delivered message is hidden for two minutes, then offered again unless
 * deleted.
 */
final class VisibilityTimeouts {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Per node, the newest. A message that is forgotten before its timeout is offered again early. */
    private static final int MESSAGES = 200_000;

    private final NewestEntries<DeliveredMessage, Boolean> delivered;

    private record DeliveredMessage(String deviceId, long id) {}

    /** @param nanos the time, as of {@link System#nanoTime} */
    VisibilityTimeouts(LongSupplier nanos) {
        this.delivered = new NewestEntries<>(MESSAGES, TIMEOUT, nanos);
    }

    boolean isHidden(String deviceId, long id) {
        return delivered.get(new DeliveredMessage(deviceId, id)) != null;
    }

    /** True for the one caller that may deliver it now. */
    boolean claim(String deviceId, long id) {
        return delivered.putIfAbsent(new DeliveredMessage(deviceId, id), true) == null;
    }
}
