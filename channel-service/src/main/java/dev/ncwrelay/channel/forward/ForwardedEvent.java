package dev.ncwrelay.channel.forward;

import dev.ncwrelay.avro.DeviceEvent;
import java.util.Map;

/**
 * An event as it was read.
 *
 * @param offset in the partition of its device
 * @param headers the record's, among them the trace context
 */
public record ForwardedEvent(long offset, DeviceEvent event, Map<String, String> headers) {

    public ForwardedEvent {
        headers = Map.copyOf(headers);
    }

    /** The device that the event is for, which is the key of its record. */
    String deviceId() {
        return event.getDeviceId() == null ? "" : event.getDeviceId();
    }
}
