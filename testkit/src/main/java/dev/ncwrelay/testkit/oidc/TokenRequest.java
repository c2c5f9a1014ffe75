package dev.ncwrelay.testkit.oidc;

import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A token to be issued; immutable, each change returns another. Without changes, the token is valid. */
public final class TokenRequest {
    private final Map<String, Object> claims;
    private final SigningKey key;
    private final Instant now;

    private TokenRequest(Map<String, Object> claims, SigningKey key, Instant now) {
        this.claims = claims;
        this.key = key;
        this.now = now;
    }

    static TokenRequest of(String issuer, String subject, SigningKey key, Clock clock) {
        var now = clock.instant();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", OidcIssuer.AUDIENCE);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(OidcIssuer.LIFETIME).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return new TokenRequest(claims, key, now);
    }

    /** Sets the scopes, separated by blanks (RFC 8693 section 4.2). */
    public TokenRequest scope(String scopes) {
        return claim("scope", scopes);
    }

    public TokenRequest audience(String audience) {
        return claim("aud", audience);
    }

    public TokenRequest issuer(String issuer) {
        return claim("iss", issuer);
    }

    /** Sets the lifetime of the token from now on. */
    public TokenRequest lifetime(Duration lifetime) {
        return claim("exp", now.plus(lifetime).getEpochSecond());
    }

    /** Makes the token issued two hours ago and expired one hour ago. */
    public TokenRequest expired() {
        return claim("iat", now.minus(Duration.ofHours(2)).getEpochSecond())
                .claim("exp", now.minus(Duration.ofHours(1)).getEpochSecond());
    }

    /** Makes the token valid from one hour from now. */
    public TokenRequest notYetValid() {
        return claim("nbf", now.plus(Duration.ofHours(1)).getEpochSecond());
    }

    /** Signs with a key that the issuer does not publish, under the id of one that it does. */
    public TokenRequest forged() {
        return new TokenRequest(claims, SigningKey.generate(key.kid()), now);
    }

    /** Signs with this key, published or not. */
    public TokenRequest signedBy(SigningKey other) {
        return new TokenRequest(claims, other, now);
    }

    /** Sets any claim. */
    public TokenRequest claim(String name, Object value) {
        var changed = new LinkedHashMap<>(claims);
        changed.put(name, value);
        return new TokenRequest(changed, key, now);
    }

    /** Removes a claim. */
    public TokenRequest without(String name) {
        var changed = new LinkedHashMap<>(claims);
        changed.remove(name);
        return new TokenRequest(changed, key, now);
    }

    /** The token: a JWT, RS256. */
    public String issue() {
        return Jws.token(key, RsaAlgorithm.RS256, claims);
    }
}
