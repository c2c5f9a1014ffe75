package dev.ncwrelay.delivery.cursor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/**
 * Cursors as text: version, generation, partition and offset, then 16 bytes of HMAC-SHA256 over these and the device
 * id, in URL-safe base64. The first key signs; all verify, so that keys can be rotated one at a time.
 */
public final class CursorCodec {

    private static final byte VERSION = 1;
    private static final int BODY_BYTES = 1 + Integer.BYTES + Integer.BYTES + Long.BYTES;
    private static final int TAG_BYTES = 16;

    private final List<CursorKey> keys;

    public CursorCodec(List<CursorKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one cursor key is needed");
        }
        this.keys = List.copyOf(keys);
    }

    /** The cursor as text, of use to this device only. */
    public String encode(String deviceId, Cursor cursor) {
        var body = ByteBuffer.allocate(BODY_BYTES + TAG_BYTES)
                .put(VERSION)
                .putInt(cursor.generation())
                .putInt(cursor.partition())
                .putLong(cursor.offset());
        body.put(tag(keys.getFirst(), Arrays.copyOf(body.array(), BODY_BYTES), deviceId));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(body.array());
    }

    /** Reads what a client sent; never throws. */
    public CursorCheck decode(String deviceId, String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new CursorCheck.Foreign();
        }
        if (bytes.length != BODY_BYTES + TAG_BYTES || bytes[0] != VERSION) {
            return new CursorCheck.Foreign();
        }
        var body = Arrays.copyOf(bytes, BODY_BYTES);
        var tag = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
        if (keys.stream().noneMatch(key -> MessageDigest.isEqual(tag(key, body, deviceId), tag))) {
            return new CursorCheck.Foreign();
        }
        var fields = ByteBuffer.wrap(body, 1, BODY_BYTES - 1);
        return new CursorCheck.Genuine(new Cursor(fields.getInt(), fields.getInt(), fields.getLong()));
    }

    private static byte[] tag(CursorKey key, byte[] body, String deviceId) {
        try {
            var mac = Mac.getInstance(CursorKey.ALGORITHM);
            mac.init(key.key());
            mac.update(body);
            return Arrays.copyOf(mac.doFinal(deviceId.getBytes(StandardCharsets.UTF_8)), TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CursorKey.ALGORITHM, e);
        }
    }
}
