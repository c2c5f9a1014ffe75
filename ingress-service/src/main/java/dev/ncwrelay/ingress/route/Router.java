package dev.ncwrelay.ingress.route;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.WorkspaceEvent;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.ingress.decode.DecodedWebhook.DeviceMessage;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WalletEvent;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WorkspaceNotice;
import dev.ncwrelay.ingress.decode.EventMetadata;
import dev.ncwrelay.ingress.route.Destination.ToDevice;
import dev.ncwrelay.ingress.route.Destination.ToWallet;
import dev.ncwrelay.ingress.route.Destination.ToWorkspace;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Routes an event to devices, to wallets without devices, or to the workspace. Nothing is dropped.
 */
public final class Router {

    private final DeviceRegistry registry;

    public Router(DeviceRegistry registry) {
        this.registry = registry;
    }

    /** A device message contains its device id, which may not be registered. */
    public List<Destination> route(DeviceMessage message) {
        var event = event(
                message.meta(),
                message.deviceId(),
                message.walletId(),
                message.physicalDeviceId(),
                null,
                registry.device(message.deviceId())
                        .map(RegisteredDevice::tenant)
                        .orElse(null),
                message.data());
        return List.of(new ToDevice(message.deviceId(), event));
    }

    /** A wallet event goes once to each device of each wallet, except to the device that it announces. */
    public List<Destination> route(WalletEvent event) {
        var devices = new LinkedHashMap<String, Destination>();
        var wallets = Stream.<Destination>builder();
        for (var walletId : event.walletIds()) {
            var recipients = recipients(walletId, event.requestingDeviceId());
            if (recipients.isEmpty()) {
                wallets.add(new ToWallet(walletId, copy(event, null, walletId, null)));
            }
            for (var device : recipients) {
                var copy = copy(event, device.deviceId(), walletId, device.tenant());
                devices.putIfAbsent(device.deviceId(), new ToDevice(device.deviceId(), copy));
            }
        }
        return Stream.concat(devices.values().stream(), wallets.build()).toList();
    }

    public List<Destination> route(WorkspaceNotice notice) {
        var meta = notice.meta();
        var event = new WorkspaceEvent(
                meta.eventId(),
                meta.type(),
                meta.workspaceId(),
                meta.resourceId(),
                meta.createdAt(),
                meta.receivedAt(),
                notice.body());
        return List.of(new ToWorkspace(meta.resourceId() == null ? meta.eventId() : meta.resourceId(), event));
    }

    /** The wallet's devices, without the device that makes the request. */
    public List<RegisteredDevice> recipients(String walletId, @Nullable String requestingDeviceId) {
        return registry.devicesOf(walletId).stream()
                .filter(device -> !device.deviceId().equals(requestingDeviceId))
                .toList();
    }

    private static DeviceEvent copy(
            WalletEvent event, @Nullable String deviceId, String walletId, @Nullable String tenant) {
        return event(event.meta(), deviceId, walletId, null, event.requestingDeviceId(), tenant, event.data());
    }

    private static DeviceEvent event(
            EventMetadata meta,
            @Nullable String deviceId,
            @Nullable String walletId,
            @Nullable String physicalDeviceId,
            @Nullable String requestingDeviceId,
            @Nullable String tenant,
            ByteBuffer data) {
        return new DeviceEvent(
                meta.eventId(),
                meta.type(),
                deviceId,
                walletId,
                physicalDeviceId,
                requestingDeviceId,
                meta.workspaceId(),
                meta.resourceId(),
                meta.createdAt(),
                meta.receivedAt(),
                data.duplicate(),
                tenant);
    }
}
