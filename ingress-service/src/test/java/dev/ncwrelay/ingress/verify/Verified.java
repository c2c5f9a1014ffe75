package dev.ncwrelay.ingress.verify;

import java.time.Instant;

/** Lets tests of later steps begin with a verified webhook. */
public final class Verified {

    private Verified() {}

    /** What a signature header and a body come to; a header that no body makes valid is a rejection, too. */
    static Verification verify(HeaderCheck preparation, byte[] body) {
        return switch (preparation) {
            case HeaderCheck.Prepared(var check) -> check.verify(body, Instant.EPOCH);
            case HeaderCheck.Rejected(var reason) -> new Verification.Rejected(reason);
            case HeaderCheck.KeysUnavailable(var cause) -> throw new AssertionError(cause);
        };
    }

    public static VerifiedWebhook body(byte[] body, Instant receivedAt) {
        return new VerifiedWebhook(body, receivedAt);
    }
}
