package dev.ncwrelay.ingress.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/** A body that Fireblocks has signed. Only verification creates it, so no unverified body can be decoded. */
public final class VerifiedWebhook {

    private final byte[] body;
    private final byte[] digest;
    private final Instant receivedAt;

    VerifiedWebhook(byte[] body, Instant receivedAt) {
        this.body = body;
        this.digest = digest(body);
        this.receivedAt = receivedAt;
    }

    /** The signed bytes, not copied because they may be megabytes; callers must not change them. */
    public byte[] body() {
        return body;
    }

    /** SHA-256 of the body. */
    public byte[] digest() {
        return digest.clone();
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    private static byte[] digest(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
