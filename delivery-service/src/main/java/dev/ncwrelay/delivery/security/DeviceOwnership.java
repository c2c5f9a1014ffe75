package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import org.springframework.security.core.Authentication;

/** Lets a user act for the devices registered for that user, and for no other. */
public final class DeviceOwnership {

    private final DeviceRegistry registry;

    DeviceOwnership(DeviceRegistry registry) {
        this.registry = registry;
    }

    /**
     * The device, if it is the caller's.
     *
     * @throws org.springframework.web.ErrorResponseException 404 when it is unknown, 403 when it is another user's
     */
    public RegisteredDevice require(String deviceId, Authentication caller) {
        var device = registry.device(deviceId).orElseThrow(() -> Problem.unknownDevice(deviceId));
        if (!device.userId().equals(caller.getName())) {
            throw Problem.foreignDevice();
        }
        return device;
    }
}
