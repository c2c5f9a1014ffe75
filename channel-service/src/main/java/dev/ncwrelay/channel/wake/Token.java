package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.FcmChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token of a device, in force.
 *
 * @param acked what its consumer has acknowledged
 */
record Token(Subscription subscription, AckedOffsets acked) {

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
        var consumer = subscription.settings().getOrDefault(FcmChannel.CONSUMER, "");
        var own = subscription.settings().getOrDefault(FcmChannel.PHYSICAL_DEVICE_ID, physicalDeviceId);
        return (consumer.isEmpty() || consumer.equals(physicalDeviceId)) && own.equals(physicalDeviceId);
    }
}
