package dev.ncwrelay.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a device.
 *
 * @param id the id of the event, which stays the same when it is sent again
 * @param cursor the position of the message; valid on every node and transport, for this device
 * @param type the event's type, as Fireblocks names it
 * @param createdAt when it was created
 * @param walletId the wallet that it concerns, if it concerns one
 * @param physicalDeviceId the installation that it is for; only old device messages have one
 * @param data the webhook's data, the very JSON text that Fireblocks sent; server-sent events write each line break
 *     between its tokens as a line feed
 */
public record Message(
        String id,
        String cursor,
        String type,
        Instant createdAt,
        @Nullable String walletId,
        @Nullable String physicalDeviceId,
        String data) {

    /** Without the data, which belongs in no log. */
    @Override
    public String toString() {
        return "Message[id=" + id + ", cursor=" + cursor + ", type=" + type + ", createdAt=" + createdAt + "]";
    }
}
