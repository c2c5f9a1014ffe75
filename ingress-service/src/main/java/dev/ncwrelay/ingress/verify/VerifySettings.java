package dev.ncwrelay.ingress.verify;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that webhooks are verified with: {@code relay.ingress.verify.*}.
 *
 * @param region the Fireblocks environment whose published keys are used
 * @param jwksUrl URL of the keys in place of the region's
 * @param legacy the older signature, without key rotation
 */
@ConfigurationProperties(prefix = "relay.ingress.verify", ignoreUnknownFields = false)
public record VerifySettings(
        @DefaultValue("us") Region region,
        @Nullable URI jwksUrl,
        @DefaultValue Legacy legacy) {

    /**
     * Verification of {@code Fireblocks-Signature}.
     *
     * @param enabled accepts it when the JWS header is missing
     * @param keyFiles PEM files of public keys in place of the region's
     */
    public record Legacy(
            @DefaultValue("false") boolean enabled,
            @DefaultValue List<Path> keyFiles) {
        public Legacy {
            keyFiles = List.copyOf(keyFiles);
        }
    }

    public VerifySettings {
        if (jwksUrl != null && !"http".equals(jwksUrl.getScheme()) && !"https".equals(jwksUrl.getScheme())) {
            throw new IllegalArgumentException("relay.ingress.verify.jwks-url must be an http or https URL");
        }
    }

    URI effectiveJwksUrl() {
        return jwksUrl == null ? region.jwksUrl() : jwksUrl;
    }
}
