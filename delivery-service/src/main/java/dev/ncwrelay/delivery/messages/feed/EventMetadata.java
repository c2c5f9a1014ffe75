package dev.ncwrelay.delivery.messages.feed;

import org.jspecify.annotations.Nullable;

/**
 * What is needed of a message to tell whom it is for, without what it says.
 *
 * @param offset its place in the device's partition
 * @param type as Fireblocks named it
 * @param walletId the wallet that made the device a recipient, if one did
 * @param physicalDeviceId the one installation it is for; null means all
 */
public record EventMetadata(
        long offset,
        String type,
        @Nullable String walletId,
        @Nullable String physicalDeviceId) {}
