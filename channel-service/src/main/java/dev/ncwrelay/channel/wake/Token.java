package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token of a device, in force.
 *
 * @param acked what its consumer has acknowledged
 */
record Token(Subscription subscription, AckedOffsets acked) {

    static final String CONSUMER = "consumer";
    private static final String PHYSICAL_DEVICE = "physicalDeviceId";

    /** Whether the event is for it and not acknowledged. */
    boolean awaits(PendingEvent event) {
        return event.last() >= subscription.eventsFrom() && concerns(event.physicalDeviceId()) && !acked.covers(event);
    }

    /** When its consumer last acknowledged something, which shows that it is served. */
    Instant servedAt() {
        return acked.at();
    }

    /** As for a poll: an event for one installation is not for another. */
    private boolean concerns(@Nullable String physicalDeviceId) {
        var own = subscription.settings().get(PHYSICAL_DEVICE);
        return physicalDeviceId == null || own == null || own.equals(physicalDeviceId);
    }
}
