package dev.ncwrelay.delivery.signing;

import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.cursor.SigningKeys;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that sign cursors and tickets: {@code relay.delivery.cursor.*}. All nodes need the same.
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
        return SigningKeys.load("relay.delivery.cursor", keys, keyFile);
    }

    @Override
    public String toString() {
        return "SigningSettings[masked]";
    }
}
