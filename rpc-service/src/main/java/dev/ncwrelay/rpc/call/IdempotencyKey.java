package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import okio.Buffer;

/**
 * The value of {@code Idempotency-Key}, for which Fireblocks returns the same response for 24 hours. Clients choose
 * request ids, so the device is part of the key: an id of one device must never return the response of another.
 * Repeatable methods have no key: a poll needs a new response each time, and the others do no harm twice.
 */
final class IdempotencyKey {

    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private IdempotencyKey() {}

    static Optional<String> of(InvokeRequest request) {
        if (request.method().repeatable()) {
            return Optional.empty();
        }
        // Prefixed with the length, so that two different pairs of ids never have the same encoding.
        var name = new Buffer()
                .writeInt(request.deviceId().length())
                .writeString(request.deviceId(), StandardCharsets.UTF_8)
                .writeString(request.requestId(), StandardCharsets.UTF_8);
        return Optional.of(uuid(name.sha256().asByteBuffer()));
    }

    /** A UUID with an application-defined value (RFC 9562 section 5.8). */
    private static String uuid(ByteBuffer hash) {
        long high = (hash.getLong() & ~0xF000L) | VERSION_8;
        long low = (hash.getLong() & ~(0b11L << 62)) | VARIANT;
        return new UUID(high, low).toString();
    }
}
