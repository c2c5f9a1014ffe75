package dev.ncwrelay.ingress.route;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.WorkspaceEvent;

/** One place an event goes to. */
public sealed interface Destination {

    /** A device's stream. */
    record ToDevice(String deviceId, DeviceEvent event) implements Destination {}

    /** Kept until a device of this wallet registers. */
    record ToWallet(String walletId, DeviceEvent event) implements Destination {}

    /** The enterprise's own consumers. */
    record ToWorkspace(String key, WorkspaceEvent event) implements Destination {}
}
