package dev.ncwrelay.delivery.messages.mailbox.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What a node shows to another. Never shows itself. */
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

    /** Compares without telling by its duration how much is right. */
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
