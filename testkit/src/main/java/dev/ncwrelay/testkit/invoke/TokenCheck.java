package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Authenticates a request and its body by the rules of Fireblocks' page on the JWT of a signed request. */
final class TokenCheck {
    /** The lifetime that every official SDK uses; the documentation requires less than 30 s. */
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(55);

    /** How far the caller's clock may be ahead. Fireblocks does not publish a limit. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final Map<String, RegisteredUser> users = new ConcurrentHashMap<>();
    private final Nonces nonces = new Nonces();
    private final Clock clock;

    TokenCheck(Clock clock) {
        this.clock = clock;
    }

    sealed interface Verdict {
        record Accepted(String apiKey, String nonce) implements Verdict {}

        /** Rejected; {@code reason} is more exact than the response. */
        record Refused(AuthCode code, String reason) implements Verdict {}
    }

    private record Token(JsonNode header, JsonNode claims, String signedText, Bytes signature) {}

    void register(RegisteredUser user) {
        users.put(user.apiKey(), user);
    }

    Verdict check(Received request) {
        var authorization = request.header("Authorization").orElse("");
        if (!authorization.startsWith("Bearer ")) {
            return refused(AuthCode.TOKEN_MISSING, "an Authorization header of type Bearer is needed");
        }
        Token token;
        try {
            token = parse(authorization.substring("Bearer ".length()));
        } catch (IllegalArgumentException | JacksonException malformed) {
            return refused(AuthCode.INVALID_TOKEN_FORMAT, "three base64url parts, the first two JSON, are needed");
        }
        return check(request, token);
    }

    private Verdict check(Received request, Token token) {
        var subject = token.claims().path("sub").asString("");
        if (subject.isEmpty()) {
            return refused(AuthCode.API_KEY_MISSING_IN_TOKEN, "the claim sub must be the API key");
        }
        var user = users.get(request.header("X-API-Key").orElse(""));
        if (user == null || !user.apiKey().equals(subject)) {
            return refused(AuthCode.WRONG_USER, "X-API-Key must be a known API key and equal to the claim sub");
        }
        if (!token.header().path("alg").asString("").equals(RsaAlgorithm.RS256.name())) {
            return refused(AuthCode.INVALID_TOKEN_FORMAT, "the token's alg must be RS256");
        }
        var signedText = token.signedText().getBytes(StandardCharsets.US_ASCII);
        if (!RsaAlgorithm.RS256.verifies(
                user.publicKey(), signedText, token.signature().toArray())) {
            return refused(AuthCode.INVALID_SIGNATURE, "the signature is not of this API user's key");
        }
        if (!token.claims().path("uri").asString("").equals(request.pathAndQuery())) {
            return refused(AuthCode.WRONG_URI, "the claim uri must be " + request.pathAndQuery());
        }
        if (!token.claims().path("bodyHash").asString("").equals(request.body().sha256())) {
            return refused(AuthCode.NOT_ACCEPTED, "the claim bodyHash must be the hex SHA-256 of the body as received");
        }
        return checkTimes(user, token.claims());
    }

    private Verdict checkTimes(RegisteredUser user, JsonNode claims) {
        if (!claims.path("iat").canConvertToLong() || !claims.path("exp").canConvertToLong()) {
            return refused(AuthCode.INVALID_TOKEN_FORMAT, "the claims iat and exp must be whole seconds");
        }
        var issued = Instant.ofEpochSecond(claims.path("iat").asLong());
        var expiry = Instant.ofEpochSecond(claims.path("exp").asLong());
        var now = clock.instant();
        if (issued.isAfter(now.plus(SKEW))) {
            return refused(AuthCode.ISSUED_IN_FUTURE, "iat " + issued + " is after " + now);
        }
        if (!expiry.isAfter(now)) {
            return refused(AuthCode.EXPIRED, "exp " + expiry + " is not after " + now);
        }
        if (expiry.isAfter(issued.plus(LONGEST_LIFE))) {
            return refused(AuthCode.NOT_ACCEPTED, "exp must be at most " + LONGEST_LIFE + " after iat");
        }
        var nonce = claims.path("nonce").asString("");
        if (nonce.isEmpty() || !nonces.add(nonce, expiry, now)) {
            return refused(AuthCode.NOT_ACCEPTED, "the claim nonce must be present and never used before");
        }
        if (user.role() != ApiRole.NCW_SIGNER) {
            return refused(AuthCode.INSUFFICIENT_PERMISSIONS, "only the role " + ApiRole.NCW_SIGNER + " may invoke");
        }
        return new Verdict.Accepted(user.apiKey(), nonce);
    }

    private static Token parse(String jwt) {
        var parts = jwt.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("three parts are needed, not " + parts.length);
        }
        return new Token(json(parts[0]), json(parts[1]), parts[0] + "." + parts[1], Bytes.of(decode(parts[2])));
    }

    private static JsonNode json(String part) {
        return JsonMapper.shared().readTree(decode(part));
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static Verdict refused(AuthCode code, String reason) {
        return new Verdict.Refused(code, reason);
    }
}
