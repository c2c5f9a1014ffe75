package dev.ncwrelay.cursor;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Key that signs cursors and tickets; {@code toString} is masked. */
public final class SigningKey {

    public static final String ALGORITHM = "HmacSHA256";

    private static final int MIN_BYTES = 32;

    private final SecretKeySpec key;

    private SigningKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * Reads a key from base64.
     *
     * @throws IllegalArgumentException when it is not base64 or holds fewer than 32 bytes
     */
    public static SigningKey parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a cursor key must be base64; make one with: openssl rand -base64 32");
        }
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "a cursor key must hold at least " + MIN_BYTES + " bytes; make one with: openssl rand -base64 32");
        }
        return new SigningKey(bytes);
    }

    /** Derives a key for another purpose; a tag made with one key is not valid for the other. */
    public SigningKey forPurpose(String purpose) {
        return new SigningKey(authenticate(purpose.getBytes(StandardCharsets.UTF_8)));
    }

    /** The HMAC-SHA256 of the content, 32 bytes. */
    public byte[] authenticate(byte[] content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    public SecretKeySpec key() {
        return key;
    }

    @Override
    public String toString() {
        return "SigningKey[masked]";
    }
}
