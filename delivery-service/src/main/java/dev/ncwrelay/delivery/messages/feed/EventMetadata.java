package dev.ncwrelay.delivery.messages.feed;

import org.jspecify.annotations.Nullable;

/**
 * An event's metadata, without its data: enough to decide which consumers receive it.
 *
 * @param offset its offset in the device's partition
 * @param type event type, as named by Fireblocks
 * @param walletId the wallet that made the device a recipient, if one did
 * @param physicalDeviceId the one installation that receives the event; null means all
 */
public record EventMetadata(
        long offset,
        String type,
        @Nullable String walletId,
        @Nullable String physicalDeviceId) {}
