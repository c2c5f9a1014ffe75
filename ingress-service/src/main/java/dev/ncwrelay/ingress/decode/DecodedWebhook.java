package dev.ncwrelay.ingress.decode;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decoded webhook. */
public sealed interface DecodedWebhook {

    /**
     * A message for one device, of SDKs up to version 7.
     *
     * @param physicalDeviceId the installation it is for, if specified
     * @param data the JSON text of the message, as sent
     */
    record DeviceMessage(
            EventMetadata meta,
            String deviceId,
            @Nullable String walletId,
            @Nullable String physicalDeviceId,
            ByteBuffer data)
            implements DecodedWebhook {}

    /**
     * An event of end users' wallets.
     *
     * @param walletIds all wallets in its data, at least one
     * @param requestingDeviceId the device that the event announces, if any
     * @param data the JSON text of the event's data, as sent
     */
    record WalletEvent(
            EventMetadata meta,
            Set<String> walletIds,
            @Nullable String requestingDeviceId,
            ByteBuffer data) implements DecodedWebhook {
        public WalletEvent {
            walletIds = Set.copyOf(walletIds);
        }
    }

    /**
     * Any other webhook: vaults, tickets, unknown types.
     *
     * @param body the whole webhook
     */
    record WorkspaceNotice(EventMetadata meta, ByteBuffer body) implements DecodedWebhook {}

    /**
     * A signed webhook that cannot be decoded.
     *
     * @param workspaceId its workspace, if that can be decoded
     */
    record Unreadable(String reason, @Nullable String workspaceId) implements DecodedWebhook {}

    /** Its workspace, if specified. */
    default Optional<String> workspace() {
        return Optional.ofNullable(
                switch (this) {
                    case DeviceMessage message -> message.meta().workspaceId();
                    case WalletEvent event -> event.meta().workspaceId();
                    case WorkspaceNotice notice -> notice.meta().workspaceId();
                    case Unreadable unreadable -> unreadable.workspaceId();
                });
    }
}
