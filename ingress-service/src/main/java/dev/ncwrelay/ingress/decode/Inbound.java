package dev.ncwrelay.ingress.decode;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a webhook is about. */
public sealed interface Inbound {

    /**
     * A message of SDKs up to version 7 for one device.
     *
     * @param physicalDeviceId the one installation it is for, if it names one
     * @param data the JSON text of the message, as sent
     */
    record DeviceMessage(
            EventMeta meta,
            String deviceId,
            @Nullable String walletId,
            @Nullable String physicalDeviceId,
            ByteBuffer data)
            implements Inbound {}

    /**
     * Something that happened to wallets of end users.
     *
     * @param walletIds all wallets it names, at least one
     * @param requestingDeviceId the device that asks to join, where the event announces one
     * @param data the JSON text of the event's data, as sent
     */
    record WalletEvent(
            EventMeta meta, Set<String> walletIds, @Nullable String requestingDeviceId, ByteBuffer data)
            implements Inbound {
        public WalletEvent {
            walletIds = Set.copyOf(walletIds);
        }
    }

    /**
     * Anything else: vaults, tickets, types that are not known.
     *
     * @param body the whole webhook
     */
    record WorkspaceNotice(EventMeta meta, ByteBuffer body) implements Inbound {}

    /** Fireblocks signed it, but it cannot be read. */
    record Unreadable(String reason) implements Inbound {}
}
