package dev.ncwrelay.ingress.verify;

import java.time.Instant;

/** Creates verified webhooks for tests of later steps. */
public final class Verified {

    private Verified() {}

    /** The verification of a signature header and a body; an invalid header is a rejection as well. */
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
