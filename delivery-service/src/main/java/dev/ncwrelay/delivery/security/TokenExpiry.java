package dev.ncwrelay.delivery.security;

import java.time.Duration;
import java.time.Instant;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;

/** Remaining validity of a caller's token; limits the lifetime of its connections. */
public final class TokenExpiry {

    private static final Duration UNLIMITED = Duration.ofDays(1);

    private TokenExpiry() {}

    /** Time until the token expires, or the token a ticket was issued for; a day for a token without expiry. */
    public static Duration of(Authentication caller) {
        if (caller instanceof TicketAuthentication holder) {
            return Duration.between(Instant.now(), holder.until());
        }
        return caller.getCredentials() instanceof Jwt token ? of(token) : UNLIMITED;
    }

    public static Duration of(Jwt token) {
        var expiresAt = token.getExpiresAt();
        return expiresAt == null ? UNLIMITED : Duration.between(Instant.now(), expiresAt);
    }
}
