package dev.ncwrelay.delivery.access;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens are good here: {@code relay.delivery.auth.*}.
 *
 * @param issuer the issuer tokens must name; required
 * @param jwksUrl where the issuer's keys are; required
 * @param audience the audience tokens must name
 * @param allowedOrigins web origins whose pages may call (CORS); none unless named
 */
@ConfigurationProperties(prefix = "relay.delivery.auth", ignoreUnknownFields = false)
public record AccessSettings(
        @Nullable String issuer,
        @Nullable URI jwksUrl,
        @DefaultValue("ncw-relay") String audience,
        @DefaultValue List<String> allowedOrigins) {

    public AccessSettings {
        if (issuer == null || issuer.isBlank()) {
            throw new IllegalArgumentException(
                    "relay.delivery.auth.issuer (RELAY_DELIVERY_AUTH_ISSUER) must name the issuer of the users' tokens");
        }
        if (jwksUrl == null) {
            throw new IllegalArgumentException("relay.delivery.auth.jwks-url (RELAY_DELIVERY_AUTH_JWKS_URL) must say"
                    + " where the issuer publishes its keys");
        }
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
