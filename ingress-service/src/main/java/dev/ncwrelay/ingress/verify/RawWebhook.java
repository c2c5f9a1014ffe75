package dev.ncwrelay.ingress.verify;

import java.time.Instant;
import java.util.Optional;

/** A webhook as it came in: nothing about it is believed yet. */
public final class RawWebhook {

    private final byte[] body;
    private final Optional<String> jws;
    private final Optional<String> legacySignature;
    private final Instant receivedAt;

    /**
     * Takes what was received.
     *
     * @param jws the header {@code Fireblocks-Webhook-Signature}
     * @param legacySignature the header {@code Fireblocks-Signature}
     */
    public RawWebhook(byte[] body, Optional<String> jws, Optional<String> legacySignature, Instant receivedAt) {
        this.body = body.clone();
        this.jws = jws;
        this.legacySignature = legacySignature;
        this.receivedAt = receivedAt;
    }

    byte[] body() {
        return body;
    }

    Optional<String> jws() {
        return jws;
    }

    Optional<String> legacySignature() {
        return legacySignature;
    }

    Instant receivedAt() {
        return receivedAt;
    }
}
