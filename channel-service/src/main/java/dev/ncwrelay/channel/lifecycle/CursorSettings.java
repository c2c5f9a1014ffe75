package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKeys;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that sign cursors: {@code relay.channel.cursor.*}. The same as those of delivery-service.
 *
 * @param keys keys in base64, at least 32 bytes each
 * @param keyFile a file with one such key a line, after {@code keys}
 */
@ConfigurationProperties(prefix = "relay.channel.cursor", ignoreUnknownFields = false)
record CursorSettings(
        @DefaultValue List<String> keys, @Nullable Path keyFile) {

    CursorSettings {
        keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException naming the setting when there is no key, or one is not a key */
    CursorCodec codec() {
        return new CursorCodec(SigningKeys.load("relay.channel.cursor", keys, keyFile));
    }

    @Override
    public String toString() {
        return "CursorSettings[masked]";
    }
}
