package dev.ncwrelay.channel.consume;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Instant;
import java.util.Map;

/**
 * An event as it was read.
 *
 * @param offset in the partition of its device
 * @param writtenAt when its record was written
 * @param headers the record's, among them the trace context
 */
public record ReadEvent(long offset, Instant writtenAt, DeviceEvent event, Map<String, String> headers) {

    public ReadEvent {
        headers = Map.copyOf(headers);
    }

    /** The device that the event is for, which is the key of its record. */
    public String deviceId() {
        return event.getDeviceId() == null ? "" : event.getDeviceId();
    }

    /** Whether it belongs to the ownership of the subscription's device. */
    public boolean concerns(Subscription subscription) {
        return subscription.device().owns(offset, event.getWalletId());
    }
}
