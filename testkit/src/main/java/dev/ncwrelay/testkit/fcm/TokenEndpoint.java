package dev.ncwrelay.testkit.fcm;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Form;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exchanges a service account's signed assertion for an access token, as in
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest.
 */
final class TokenEndpoint {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

    /** Of every assertion, wherever it is sent. */
    private static final String AUDIENCE = "https://oauth2.googleapis.com/token";

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(1);

    private final String account;
    private final SigningKey key;
    private final Clock clock;
    private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile boolean refusing;

    TokenEndpoint(String account, SigningKey key, Clock clock) {
        this.account = account;
        this.key = key;
        this.clock = clock;
    }

    /** Whether every assertion is refused from now on, as when the account's key was deleted. */
    void refuse(boolean everything) {
        refusing = everything;
        expiries.clear();
    }

    boolean isValid(String token) {
        var expiry = expiries.get(token);
        return expiry != null && clock.instant().isBefore(expiry);
    }

    int issued() {
        return issued.get();
    }

    Answer issue(Received request) {
        var form = Form.parse(request.body().utf8());
        if (!GRANT.equals(form.get("grant_type")) || !form.containsKey("assertion")) {
            return Answer.json(
                    400, Map.of("error", "unsupported_grant_type", "error_description", "Invalid grant_type"));
        }
        if (refusing || !isSigned(form.getOrDefault("assertion", ""))) {
            return Answer.json(400, Map.of("error", "invalid_grant", "error_description", "Invalid JWT Signature."));
        }
        var token = "ya29." + UUID.randomUUID();
        expiries.put(token, clock.instant().plus(LIFETIME));
        issued.incrementAndGet();
        return Answer.json(
                200, Map.of("access_token", token, "token_type", "Bearer", "expires_in", LIFETIME.toSeconds()));
    }

    private boolean isSigned(String assertion) {
        var parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            var header = json(parts[0]);
            var claims = json(parts[1]);
            long issuedAt = claims.path("iat").asLong();
            long now = clock.instant().getEpochSecond();
            return header.path("alg").asString("").equals("RS256")
                    && header.path("kid").asString("").equals(key.kid())
                    && claims.path("iss").asString("").equals(account)
                    && claims.path("aud").asString("").equals(AUDIENCE)
                    && Arrays.asList(claims.path("scope").asString("").split(" "))
                            .equals(Arrays.asList(SCOPE))
                    && issuedAt <= now + MAX_AHEAD.toSeconds()
                    && claims.path("exp").asLong() > now
                    && claims.path("exp").asLong() <= issuedAt + LIFETIME.toSeconds()
                    && RsaAlgorithm.RS256.verifies(
                            key.publicKey(),
                            (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                            Base64.getUrlDecoder().decode(parts[2]));
        } catch (JacksonException | IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode json(String part) {
        return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(part));
    }
}
