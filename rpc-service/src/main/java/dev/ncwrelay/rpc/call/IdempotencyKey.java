package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import okio.Buffer;

/**
 * The value of {@code Idempotency-Key}, under which Fireblocks gives the same answer for 24 hours. A client chooses its
 * request ids, so the device belongs into the key: one device's id must never fetch another's answer. Methods that the
 * SDK repeats carry none, because a poll must be answered anew and the others do no harm twice.
 */
final class IdempotencyKey {

    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private IdempotencyKey() {}

    static Optional<String> of(InvokeRequest request) {
        if (request.method().repeatable()) {
            return Optional.empty();
        }
        // Lengths first, so that no two pairs of ids read alike.
        var name = new Buffer()
                .writeInt(request.deviceId().length())
                .writeString(request.deviceId(), StandardCharsets.UTF_8)
                .writeString(request.requestId(), StandardCharsets.UTF_8);
        return Optional.of(uuid(name.sha256().asByteBuffer()));
    }

    /** A UUID of the application's own making (RFC 9562 section 5.8). */
    private static String uuid(ByteBuffer hash) {
        long high = (hash.getLong() & ~0xF000L) | VERSION_8;
        long low = (hash.getLong() & ~(0b11L << 62)) | VARIANT;
        return new UUID(high, low).toString();
    }
}
