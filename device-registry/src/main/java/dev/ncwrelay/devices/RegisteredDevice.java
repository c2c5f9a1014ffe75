package dev.ncwrelay.devices;

import dev.ncwrelay.avro.Device;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device as it was last registered.
 *
 * @param walletId the wallet whose events it receives
 * @param userId the subject of the tokens that may act for it
 * @param tenant the tenant it belongs to; null is the default tenant
 * @param registeredAt when it was first registered
 */
public record RegisteredDevice(
        String deviceId,
        String walletId,
        String userId,
        @Nullable String tenant,
        Instant registeredAt,
        Instant updatedAt) {

    static RegisteredDevice of(Device device) {
        return new RegisteredDevice(
                device.getDeviceId(),
                device.getWalletId(),
                device.getUserId(),
                device.getTenant(),
                device.getRegisteredAt(),
                device.getUpdatedAt());
    }
}
