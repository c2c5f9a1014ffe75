package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.ReadEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One or more successive events of a device that are not acknowledged.
 *
 * @param first offset of the first one
 * @param last offset of the last one
 * @param writtenAt when the first one was written
 * @param urgent whether one of them needs the user now
 * @param physicalDeviceId the one installation they are for; null for all
 */
record PendingEvent(
        long first,
        long last,
        Instant writtenAt,
        boolean urgent,
        @Nullable String physicalDeviceId) {

    static PendingEvent of(ReadEvent read, Set<String> urgentEvents, Instant now) {
        var event = read.event();
        return new PendingEvent(
                read.offset(),
                read.offset(),
                // The clock of the writer may be ahead.
                read.writtenAt().isAfter(now) ? now : read.writtenAt(),
                urgentEvents.contains(event.getEventType()),
                event.getPhysicalDeviceId());
    }

    /** This one and a later one in one, to bound the memory. Only a position after both acknowledges them. */
    PendingEvent and(PendingEvent later) {
        return new PendingEvent(
                first,
                Math.max(last, later.last),
                writtenAt,
                urgent || later.urgent,
                Objects.equals(physicalDeviceId, later.physicalDeviceId) ? physicalDeviceId : null);
    }

    boolean isOlderThan(Duration age, Instant now) {
        return writtenAt.plus(age).isBefore(now);
    }
}
