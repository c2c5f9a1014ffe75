package dev.ncwrelay.ingress.verify;

import java.time.Instant;

/** A body that Fireblocks signed. Only verification makes one, so nothing else can be decoded. */
public final class VerifiedWebhook {

    private final byte[] body;
    private final Instant receivedAt;

    VerifiedWebhook(RawWebhook raw) {
        this.body = raw.body();
        this.receivedAt = raw.receivedAt();
    }

    /** The signed bytes. */
    public byte[] body() {
        return body.clone();
    }

    public Instant receivedAt() {
        return receivedAt;
    }
}
