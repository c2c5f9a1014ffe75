package dev.ncwrelay.channel.consume;

import dev.ncwrelay.avro.DeviceEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events for tests: without data, at the beginning of time. */
public final class ReadEvents {

    private ReadEvents() {}

    /** An event of this device. */
    public static ReadEvent of(long offset, String id, String deviceId) {
        return of(offset, id, deviceId, null, null);
    }

    /** The same, of a wallet and a tenant. */
    public static ReadEvent of(
            long offset, String id, String deviceId, @Nullable String walletId, @Nullable String tenant) {
        var event = new DeviceEvent(
                id,
                "type",
                deviceId,
                walletId,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                ByteBuffer.allocate(0),
                tenant);
        return new ReadEvent(offset, Instant.EPOCH, event, Map.of());
    }
}
