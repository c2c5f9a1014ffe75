package dev.ncwrelay.delivery.messages.feed;

import dev.ncwrelay.avro.DeviceEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event for a device.
 *
 * @param eventId identifies the event: equal ids are the same event, also for other devices
 * @param type event type, as named by Fireblocks
 * @param walletId the wallet that made the device a recipient, if one did
 * @param physicalDeviceId the one installation that receives the event; null means all
 * @param createdAt when Fireblocks created the event
 * @param receivedAt when the relay received the webhook
 * @param data the JSON text of Fireblocks' data, as sent; read-only
 * @param offset its offset in the device's partition
 */
public record Event(
        String eventId,
        String type,
        String deviceId,
        @Nullable String walletId,
        @Nullable String physicalDeviceId,
        Instant createdAt,
        Instant receivedAt,
        ByteBuffer data,
        long offset) {

    /** Estimated memory of an event in addition to its data, in bytes; used for the ring's bound. */
    private static final int OVERHEAD_BYTES = 400;

    public Event {
        data = data.asReadOnlyBuffer();
    }

    /** The event of a record on the events topic. */
    public static Event of(DeviceEvent event, String deviceId, long offset) {
        return new Event(
                event.getEventId(),
                event.getEventType(),
                deviceId,
                event.getWalletId(),
                event.getPhysicalDeviceId(),
                event.getCreatedAt(),
                event.getReceivedAt(),
                event.getData(),
                offset);
    }

    /** A view of the data with its own position, for one caller. */
    @Override
    public ByteBuffer data() {
        return data.duplicate();
    }

    /** This event's metadata, without the data. */
    public EventMetadata metadata() {
        return new EventMetadata(offset, type, walletId, physicalDeviceId);
    }

    int sizeInBytes() {
        return OVERHEAD_BYTES + data.remaining();
    }
}
