package dev.ncwrelay.channel.lifecycle;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Validation of the tokens that users log in with at a channel: {@code relay.channel.auth.*}. The same values as
 * delivery-service's {@code relay.delivery.auth.*}.
 *
 * @param issuer the issuer tokens must name; required
 * @param jwksUrl where the issuer's keys are; required
 * @param audience the audience tokens must name
 */
@ConfigurationProperties(prefix = "relay.channel.auth", ignoreUnknownFields = false)
record AuthSettings(
        @Nullable String issuer,
        @Nullable URI jwksUrl,
        @DefaultValue("ncw-relay") String audience) {

    AuthSettings {
        if (issuer == null || issuer.isBlank()) {
            throw new IllegalArgumentException(
                    "relay.channel.auth.issuer (RELAY_CHANNEL_AUTH_ISSUER) must name the issuer of the users' tokens");
        }
        if (jwksUrl == null) {
            throw new IllegalArgumentException("relay.channel.auth.jwks-url (RELAY_CHANNEL_AUTH_JWKS_URL) must say"
                    + " where the issuer publishes its keys");
        }
    }
}
