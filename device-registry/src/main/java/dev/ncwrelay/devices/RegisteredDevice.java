package dev.ncwrelay.devices;

import dev.ncwrelay.avro.Device;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device as it was last registered.
 *
 * @param walletId the wallet whose events it receives
 * @param userId the subject of the tokens that may act for it
 * @param tenant the tenant it belongs to; null is the default tenant
 * @param registeredAt when it was first registered
 * @param epoch which ownership of the device this is: grows when user, tenant or wallet change
 * @param eventsFrom first offset of its partition that belongs to this ownership; -1 when there was none before
 * @param conflicting the registration that was written at the same time and came first, so that this one was made without
 *     knowledge of it; null when there was none
 */
public record RegisteredDevice(
        String deviceId,
        String walletId,
        String userId,
        @Nullable String tenant,
        Instant registeredAt,
        Instant updatedAt,
        long epoch,
        long eventsFrom,
        @Nullable RegisteredDevice conflicting) {

    /** As a record has it that follows {@code before}. */
    public static RegisteredDevice of(Device device, Optional<RegisteredDevice> before) {
        return new RegisteredDevice(
                device.getDeviceId(),
                device.getWalletId(),
                device.getUserId(),
                device.getTenant(),
                device.getRegisteredAt(),
                device.getUpdatedAt(),
                device.getEpoch(),
                device.getEventsFrom(),
                before.filter(first -> device.getEpoch() != 0 && device.getBasedOn() < first.epoch)
                        .orElse(null));
    }

    /** True when this is the same ownership, however often it was written. */
    public boolean isSameOwnership(RegisteredDevice other) {
        return epoch == other.epoch && belongsTo(other.userId, other.tenant, other.walletId);
    }

    /** True when the device is this user's, for this tenant and wallet. */
    public boolean belongsTo(String user, @Nullable String ofTenant, String wallet) {
        return userId.equals(user) && Objects.equals(tenant, ofTenant) && walletId.equals(wallet);
    }

    /** True when an event of its partition belongs to this ownership; {@code wallet} is null where it names none. */
    public boolean owns(long offset, @Nullable String wallet) {
        return offset >= eventsFrom && (wallet == null || wallet.equals(walletId));
    }
}
