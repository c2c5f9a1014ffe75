package dev.ncwrelay.channel.wake;

import java.time.Duration;
import java.util.Set;

/**
 * When devices are woken.
 *
 * @param delay how long an event is unacknowledged, and the device not served, before the device is woken
 * @param interval shortest time between two rounds of messages to a device's tokens
 * @param maxInterval longest time between two rounds for a device that acknowledges nothing
 * @param dailyCap most rounds for a device in 24 hours, which begin with the first one
 * @param maxAge an event that is older wakes no device
 * @param urgentEvents types of the events that need the user now
 */
public record WakeSettings(
        Duration delay,
        Duration interval,
        Duration maxInterval,
        int dailyCap,
        Duration maxAge,
        Set<String> urgentEvents) {

    public WakeSettings {
        urgentEvents = Set.copyOf(urgentEvents);
    }
}
