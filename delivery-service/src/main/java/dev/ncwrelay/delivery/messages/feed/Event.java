package dev.ncwrelay.delivery.messages.feed;

import dev.ncwrelay.avro.DeviceEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message for a device.
 *
 * @param eventId means the same event wherever it appears
 * @param type as Fireblocks named it
 * @param walletId the wallet that made the device a recipient, if one did
 * @param physicalDeviceId the one installation it is for; null means all
 * @param createdAt when Fireblocks created the event
 * @param receivedAt when the relay received the webhook
 * @param data the JSON text of Fireblocks' data, as sent; read-only
 * @param offset its place in the device's partition
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

    /** Bytes an event needs beside its data: an estimate, for the ring's bound. */
    private static final int OVERHEAD_BYTES = 400;

    public Event {
        data = data.asReadOnlyBuffer();
    }

    /** The event a record of the stream carries. */
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

    /** The data, to be read by one caller. */
    @Override
    public ByteBuffer data() {
        return data.duplicate();
    }

    /** The same without the data. */
    public EventMetadata metadata() {
        return new EventMetadata(offset, type, walletId, physicalDeviceId);
    }

    int sizeInBytes() {
        return OVERHEAD_BYTES + data.remaining();
    }
}
