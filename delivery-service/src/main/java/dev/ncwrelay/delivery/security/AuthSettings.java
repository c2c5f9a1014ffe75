package dev.ncwrelay.delivery.security;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Token validation: {@code relay.delivery.auth.*}.
 *
 * @param issuer the issuer tokens must name; required
 * @param jwksUrl where the issuer's keys are; required
 * @param keysKept how long keys are used while the issuer is unreachable
 * @param audience the audience tokens must name
 * @param tenantClaim the claim that names the tenant a token may register devices for; where it is set, every such
 *     token needs it. Unless set, a token with the scope may register for any tenant
 * @param allowedOrigins web origins whose pages may send requests (CORS); none by default
 */
@ConfigurationProperties(prefix = "relay.delivery.auth", ignoreUnknownFields = false)
public record AuthSettings(
        @Nullable String issuer,
        @Nullable URI jwksUrl,
        @DefaultValue("12h") Duration keysKept,
        @DefaultValue("ncw-relay") String audience,
        @Nullable String tenantClaim,
        @DefaultValue List<String> allowedOrigins) {

    private static final Duration MIN_KEPT = Duration.ofMinutes(10);

    public AuthSettings {
        if (issuer == null || issuer.isBlank()) {
            throw new IllegalArgumentException(
                    "relay.delivery.auth.issuer (RELAY_DELIVERY_AUTH_ISSUER) must name the issuer of the users' tokens");
        }
        if (jwksUrl == null) {
            throw new IllegalArgumentException("relay.delivery.auth.jwks-url (RELAY_DELIVERY_AUTH_JWKS_URL) must say"
                    + " where the issuer publishes its keys");
        }
        if (keysKept.compareTo(MIN_KEPT) < 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.auth.keys-kept must be at least " + MIN_KEPT + ", not " + keysKept);
        }
        if (tenantClaim != null && tenantClaim.isBlank()) {
            tenantClaim = null;
        }
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
