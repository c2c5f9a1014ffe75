package dev.ncwrelay.ingress.decode;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a webhook is about. */
public sealed interface DecodedWebhook {

    /**
     * A message of SDKs up to version 7 for one device.
     *
     * @param physicalDeviceId the one installation it is for, if it names one
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
     * Something that happened to wallets of end users.
     *
     * @param walletIds all wallets it names, at least one
     * @param requestingDeviceId the device that asks to join, where the event announces one
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
     * Anything else: vaults, tickets, types that are not known.
     *
     * @param body the whole webhook
     */
    record WorkspaceNotice(EventMetadata meta, ByteBuffer body) implements DecodedWebhook {}

    /**
     * Fireblocks signed it, but it cannot be read.
     *
     * @param workspaceId the workspace it names, as far as it can be read
     */
    record Unreadable(String reason, @Nullable String workspaceId) implements DecodedWebhook {}

    /** The workspace that it names, if it names one. */
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
