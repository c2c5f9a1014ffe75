package dev.ncwrelay.delivery.messages.mailbox.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret that nodes authenticate with to each other. {@code toString} does not show it. */
final class PeerSecret {

    private static final int MIN_LENGTH = 16;

    private final String header;

    PeerSecret(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("relay.delivery.peer.secret must have at least " + MIN_LENGTH
                    + " characters; make one with: openssl rand -base64 32");
        }
        this.header = "Bearer " + secret;
    }

    /** The value of the Authorization header. */
    String header() {
        return header;
    }

    /** Compares in constant time. */
    boolean matches(@Nullable String authorization) {
        return authorization != null
                && MessageDigest.isEqual(
                        authorization.getBytes(StandardCharsets.UTF_8), header.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "PeerSecret[masked]";
    }
}
