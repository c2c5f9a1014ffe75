package dev.ncwrelay.ingress.verify;

import java.time.Instant;
import java.util.Optional;

/** Lets tests of later steps begin with a verified webhook. */
public final class Verified {

    private Verified() {}

    public static VerifiedWebhook body(byte[] body, Instant receivedAt) {
        return new VerifiedWebhook(new RawWebhook(body, Optional.empty(), Optional.empty(), receivedAt));
    }
}
