package dev.ncwrelay.devices;

import dev.ncwrelay.avro.Device;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last registration of a device.
 *
 * @param walletId the wallet whose events it receives
 * @param userId the subject of the tokens that may act for it
 * @param tenant the tenant it belongs to; null is the default tenant
 * @param registeredAt when it was first registered
 * @param epoch the owner epoch, which grows when user, tenant or wallet change
 * @param eventsFrom first offset of its partition that belongs to this ownership; -1 for the first ownership
 * @param conflicting a concurrent registration that came first and that the writer of this one did not know; null when
 *     there was none
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

    /** The registration in a record that follows {@code before}. */
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

    /** True when both registrations are of the same ownership. */
    public boolean isSameOwnership(RegisteredDevice other) {
        return epoch == other.epoch && belongsTo(other.userId, other.tenant, other.walletId);
    }

    /** True when the device belongs to this user, tenant and wallet. */
    public boolean belongsTo(String user, @Nullable String ofTenant, String wallet) {
        return userId.equals(user) && Objects.equals(tenant, ofTenant) && walletId.equals(wallet);
    }

    /** True when an event of its partition belongs to this ownership; {@code wallet} is null if the event has none. */
    public boolean owns(long offset, @Nullable String wallet) {
        return offset >= eventsFrom && (wallet == null || wallet.equals(walletId));
    }
}
