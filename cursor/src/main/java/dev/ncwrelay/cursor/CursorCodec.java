package dev.ncwrelay.cursor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/**
 * Encodes cursors as text: version, generation, epoch, partition and offset, then 16 bytes of HMAC-SHA256 over these
 * and the device id, in URL-safe base64. The first key signs; all verify, so that keys can be rotated one at a time.
 * Version 1 has no epoch field and stands for epoch 0; it is still written for epoch 0, so that nodes of the previous
 * release can read it.
 */
public final class CursorCodec {

    private static final byte WITHOUT_EPOCH = 1;
    private static final byte WITH_EPOCH = 2;
    private static final int SHORT_BYTES = 1 + Integer.BYTES + Integer.BYTES + Long.BYTES;
    private static final int LONG_BYTES = SHORT_BYTES + Long.BYTES;
    private static final int TAG_BYTES = 16;

    private final List<SigningKey> keys;

    public CursorCodec(List<SigningKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one cursor key is needed");
        }
        this.keys = List.copyOf(keys);
    }

    /** Encodes the cursor as a token that is valid for this device only. */
    public String encode(String deviceId, Cursor cursor) {
        boolean hasEpoch = cursor.epoch() != 0;
        var body = ByteBuffer.allocate(hasEpoch ? LONG_BYTES : SHORT_BYTES)
                .put(hasEpoch ? WITH_EPOCH : WITHOUT_EPOCH)
                .putInt(cursor.generation());
        if (hasEpoch) {
            body.putLong(cursor.epoch());
        }
        body.putInt(cursor.partition()).putLong(cursor.offset());
        var token = ByteBuffer.allocate(body.capacity() + TAG_BYTES)
                .put(body.array())
                .put(tag(keys.getFirst(), body.array(), deviceId));
        return text(token.array());
    }

    /** Decodes a token from a client; never throws. */
    public CursorCheck decode(String deviceId, String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new CursorCheck.Invalid();
        }
        int bodyBytes = bytes.length - TAG_BYTES;
        // Some bits of the last character may be unused in base64: only the canonical text is accepted.
        if (bodyBytes < SHORT_BYTES
                || bodyBytes != bodyBytes(bytes[0])
                || !text(bytes).equals(token)) {
            return new CursorCheck.Invalid();
        }
        var body = Arrays.copyOf(bytes, bodyBytes);
        var tag = Arrays.copyOfRange(bytes, bodyBytes, bytes.length);
        if (keys.stream().noneMatch(key -> MessageDigest.isEqual(tag(key, body, deviceId), tag))) {
            return new CursorCheck.Invalid();
        }
        var fields = ByteBuffer.wrap(body, 1, bodyBytes - 1);
        int generation = fields.getInt();
        long epoch = body[0] == WITH_EPOCH ? fields.getLong() : 0;
        return new CursorCheck.Valid(new Cursor(generation, epoch, fields.getInt(), fields.getLong()));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static int bodyBytes(byte version) {
        return switch (version) {
            case WITHOUT_EPOCH -> SHORT_BYTES;
            case WITH_EPOCH -> LONG_BYTES;
            default -> -1;
        };
    }

    private static byte[] tag(SigningKey key, byte[] body, String deviceId) {
        try {
            var mac = Mac.getInstance(SigningKey.ALGORITHM);
            mac.init(key.key());
            mac.update(body);
            return Arrays.copyOf(mac.doFinal(deviceId.getBytes(StandardCharsets.UTF_8)), TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + SigningKey.ALGORITHM, e);
        }
    }
}
