package dev.ncwrelay.testkit.oidc;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Form;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.keys.JwksEndpoint;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An OpenID Connect issuer that issues a token to any caller for any subject. For tests and demonstrations on 127.0.0.1
 * only.
 */
public final class OidcIssuer {
    /** Default audience of a token. */
    public static final String AUDIENCE = "ncw-relay";

    private static final String BASIC = "Basic ";

    static final Duration LIFETIME = Duration.ofHours(1);

    private final SigningKeys keys = SigningKeys.named("issuer-key", RsaAlgorithm.RS256);
    private final JwksEndpoint jwks = new JwksEndpoint(keys, "/oidc/jwks.json");
    private final Clock clock;
    private final URI server;

    /**
     * An issuer below {@code server}.
     *
     * @param server the address of the server that answers the routes, without a slash at the end
     */
    public OidcIssuer(Clock clock, URI server) {
        this.clock = clock;
        this.server = server;
    }

    /** The issuer identifier, under which the discovery document is found. */
    public String issuer() {
        return server + "/oidc";
    }

    public URI jwksUri() {
        return URI.create(server + jwks.path());
    }

    /** The issuer's keys, which can be rotated and withdrawn. */
    public SigningKeys keys() {
        return keys;
    }

    /** The endpoint of the keys; can be made to fail. */
    public JwksEndpoint jwks() {
        return jwks;
    }

    /** A token for this subject, for an hour, without scopes. */
    public String token(String subject) {
        return tokenFor(subject).issue();
    }

    /** A token for this subject with these scopes, separated by blanks. */
    public String token(String subject, String scopes) {
        return tokenFor(subject).scope(scopes).issue();
    }

    /** A token request that can be changed before it is issued. */
    public TokenRequest tokenFor(String subject) {
        return TokenRequest.of(issuer(), subject, keys.current(), clock);
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/oidc/.well-known/openid-configuration", _ -> discovery()),
                jwks.route(),
                Route.of("POST", "/oidc/token", this::issue));
    }

    private Answer discovery() {
        // The members that OpenID Connect Discovery 1.0 section 3 requires of an issuer with a token endpoint.
        var document = new LinkedHashMap<String, Object>();
        document.put("issuer", issuer());
        document.put("jwks_uri", jwksUri().toString());
        document.put("authorization_endpoint", issuer() + "/token");
        document.put("token_endpoint", issuer() + "/token");
        document.put("response_types_supported", List.of("token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of(RsaAlgorithm.RS256.name()));
        return Answer.json(200, document);
    }

    private Answer issue(Received request) {
        var form = Form.parse(request.body().utf8());
        var scopes = form.getOrDefault("scope", "");
        var client = client(request, form);
        var subject = form.getOrDefault("subject", client.orElse(""));
        if (subject.isBlank()) {
            return invalid("a form with subject=... is expected; scope, audience and lifetime (seconds) are optional");
        }
        var lifetime = form.getOrDefault("lifetime", Long.toString(LIFETIME.toSeconds()));
        if (!lifetime.matches("-?\\d{1,9}")) {
            return invalid("lifetime in whole seconds is expected");
        }
        var seconds = Long.parseLong(lifetime);
        var token = tokenFor(subject)
                .scope(scopes)
                .audience(form.getOrDefault("audience", client.isPresent() && !scopes.isBlank() ? scopes : AUDIENCE))
                .lifetime(Duration.ofSeconds(seconds))
                .issue();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("access_token", token);
        answer.put("token_type", "Bearer");
        answer.put("expires_in", seconds);
        answer.put("scope", scopes);
        return Answer.json(200, answer).header("Cache-Control", "no-store");
    }

    /** The id of a service that asks for a token for itself (RFC 6749 section 4.4); its scope is the token's audience. */
    private static Optional<String> client(Received request, Map<String, String> form) {
        return request.header("Authorization")
                .filter(header -> header.startsWith(BASIC))
                .filter(_ -> "client_credentials".equals(form.get("grant_type")))
                .map(header -> Base64.getDecoder().decode(header.substring(BASIC.length())))
                .map(credentials -> new String(credentials, StandardCharsets.UTF_8).split(":", 2)[0]);
    }

    /** RFC 6749 section 5.2. */
    private static Answer invalid(String expected) {
        return Answer.json(400, Map.of("error", "invalid_request", "error_description", expected));
    }
}
