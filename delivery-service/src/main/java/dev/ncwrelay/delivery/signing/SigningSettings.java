package dev.ncwrelay.delivery.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that sign cursors and tickets: {@code relay.delivery.cursor.*}. All nodes need the same. To rotate, put the
 * new key first, and remove the old one when no client can hold a cursor signed with it.
 *
 * @param keys keys in base64, at least 32 bytes each
 * @param keyFile a file with one such key a line, after {@code keys}
 */
@ConfigurationProperties(prefix = "relay.delivery.cursor", ignoreUnknownFields = false)
public record SigningSettings(
        @DefaultValue List<String> keys, @Nullable Path keyFile) {

    public SigningSettings {
        keys = List.copyOf(keys);
    }

    /**
     * The keys, the signing one first.
     *
     * @throws IllegalArgumentException naming the setting when there is none, or one is not a key
     */
    public List<SigningKey> load() {
        var all = Stream.concat(parse("keys", keys), parse("key-file", lines())).toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("relay.delivery.cursor.key-file (RELAY_DELIVERY_CURSOR_KEY_FILE) or"
                    + " relay.delivery.cursor.keys must give a key; make one with: openssl rand -base64 32");
        }
        return all;
    }

    private static Stream<SigningKey> parse(String setting, List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank()).map(line -> {
            try {
                return SigningKey.parse(line);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("relay.delivery.cursor." + setting + ": " + e.getMessage(), e);
            }
        });
    }

    private List<String> lines() {
        if (keyFile == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(keyFile);
        } catch (IOException e) {
            // Not the name, which is the secret itself where two settings were mixed up.
            throw new IllegalArgumentException("relay.delivery.cursor.key-file cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "SigningSettings[masked]";
    }
}
