package dev.ncwrelay.ingress.route;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.WorkspaceEvent;

/** A destination of an event. */
public sealed interface Destination {

    /** The stream of a device. */
    record ToDevice(String deviceId, DeviceEvent event) implements Destination {}

    /** Kept until a device of this wallet registers. */
    record ToWallet(String walletId, DeviceEvent event) implements Destination {}

    /** The workspace topic, for the enterprise's own consumers. */
    record ToWorkspace(String key, WorkspaceEvent event) implements Destination {}
}
