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

    /**
     * As for a poll: an event for one installation is received by the consumer with its name and by the unnamed one, and no
     * other can acknowledge it. Nor is it for a token of another installation.
     */
    private boolean concerns(@Nullable String physicalDeviceId) {
        if (physicalDeviceId == null) {
            return true;
        }
        var consumer = subscription.settings().getOrDefault(CONSUMER, "");
        var own = subscription.settings().getOrDefault(PHYSICAL_DEVICE, physicalDeviceId);
        return (consumer.isEmpty() || consumer.equals(physicalDeviceId)) && own.equals(physicalDeviceId);
    }
}
