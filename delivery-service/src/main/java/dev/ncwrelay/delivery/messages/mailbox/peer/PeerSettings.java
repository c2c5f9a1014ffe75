package dev.ncwrelay.delivery.messages.mailbox.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the nodes of this service query each other for backlogs: {@code relay.delivery.peer.*}.
 *
 * @param address the address on which this node listens for other nodes
 * @param port the port for it; 0 for any free port
 * @param advertisedHost the host name under which other nodes reach this node; {@code address} if not set
 * @param secret the secret that nodes authenticate with, the same on all nodes
 * @param secretFile a file that contains the secret
 */
@ConfigurationProperties(prefix = "relay.delivery.peer", ignoreUnknownFields = false)
public record PeerSettings(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8083") int port,
        @Nullable String advertisedHost,
        @Nullable String secret,
        @Nullable Path secretFile) {

    public PeerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("relay.delivery.peer.port must be 0 to 65535, not " + port);
        }
    }

    /** The host name under which other nodes reach this node. */
    String host() {
        return advertisedHost == null ? address : advertisedHost;
    }

    /**
     * The secret.
     *
     * @throws IllegalArgumentException naming the setting, when no secret is configured or it is too short
     */
    PeerSecret load() {
        try {
            if (secret != null) {
                return new PeerSecret(secret);
            }
            if (secretFile != null) {
                return new PeerSecret(Files.readString(secretFile).strip());
            }
        } catch (IOException e) {
            throw new IllegalArgumentException( // Not the name, which is the secret itself where two settings were
                    // mixed up.
                    "relay.delivery.peer.secret-file cannot be read: "
                            + e.getClass().getSimpleName());
        }
        throw new IllegalArgumentException("relay.delivery.peer.secret-file (RELAY_DELIVERY_PEER_SECRET_FILE) or"
                + " relay.delivery.peer.secret must be given; make one with: openssl rand -base64 32");
    }

    @Override
    public String toString() {
        return "PeerSettings[" + address + ":" + port + ", masked]";
    }
}
