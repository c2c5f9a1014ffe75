package dev.ncwrelay.testkit.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class OidcIssuerTest {
    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final OidcIssuer oidc = FIREBLOCKS.oidc();

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    @Test
    void discovery_leadsToTheKeysThatVerifyATokenOverHttp() throws Exception {
        var discovery = JsonMapper.shared()
                .readTree(
                        get(oidc.issuer() + "/.well-known/openid-configuration").body());
        assertThat(discovery.path("issuer").asString()).isEqualTo(oidc.issuer());

        var token = SignedJWT.parse(oidc.token("user-1"));

        var keys = JWKSet.parse(get(discovery.path("jwks_uri").asString()).body());
        var key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey();
        assertThat(token.verify(new RSASSAVerifier(key))).isTrue();
    }

    @Test
    void token_hasTheRequiredClaims() throws Exception {
        var claims =
                SignedJWT.parse(oidc.token("user-1", "devices:write other")).getJWTClaimsSet();

        assertThat(claims.getIssuer()).isEqualTo(oidc.issuer());
        assertThat(claims.getSubject()).isEqualTo("user-1");
        assertThat(claims.getAudience()).containsExactly("ncw-relay");
        assertThat(claims.getStringClaim("scope")).isEqualTo("devices:write other");
        assertThat(claims.getIssueTime()).isBeforeOrEqualTo(Instant.now());
        assertThat(claims.getExpirationTime()).isAfter(Instant.now().plus(Duration.ofMinutes(59)));
        assertThat(claims.getJWTID()).isNotEmpty();
    }

    @Test
    void tokenFor_canBeVaried() throws Exception {
        var expired = SignedJWT.parse(oidc.tokenFor("u").expired().issue()).getJWTClaimsSet();
        var early = SignedJWT.parse(oidc.tokenFor("u").notYetValid().issue()).getJWTClaimsSet();
        var foreign = SignedJWT.parse(oidc.tokenFor("u")
                        .issuer("https://other.example")
                        .audience("other")
                        .issue())
                .getJWTClaimsSet();
        var anonymous =
                SignedJWT.parse(oidc.tokenFor("u").without("sub").issue()).getJWTClaimsSet();

        assertThat(expired.getExpirationTime()).isBefore(Instant.now());
        assertThat(early.getNotBeforeTime()).isAfter(Instant.now());
        assertThat(foreign.getIssuer()).isEqualTo("https://other.example");
        assertThat(foreign.getAudience()).isEqualTo(List.of("other"));
        assertThat(anonymous.getSubject()).isNull();
    }

    @Test
    void forged_hasAKnownIdAndAnUnknownKey() throws Exception {
        var token = SignedJWT.parse(oidc.tokenFor("u").forged().issue());

        var published = oidc.keys().published().getLast();
        assertThat(token.getHeader().getKeyID()).isEqualTo(published.kid());
        assertThat(token.verify(new RSASSAVerifier(published.publicKey()))).isFalse();
    }

    @Test
    void signedBy_namesTheOtherKey() throws Exception {
        var other = SigningKey.generate("other");

        var token = SignedJWT.parse(oidc.tokenFor("u").signedBy(other).issue());

        assertThat(token.getHeader().getKeyID()).isEqualTo("other");
        assertThat(token.verify(new RSASSAVerifier(other.publicKey()))).isTrue();
    }

    @Test
    void tokenEndpoint_issuesTheRequestedToken() throws Exception {
        var response = post("subject=user%201&scope=devices%3Awrite&audience=other&lifetime=60");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        var answer = JsonMapper.shared().readTree(response.body());
        assertThat(answer.path("token_type").asString()).isEqualTo("Bearer");
        assertThat(answer.path("expires_in").asInt()).isEqualTo(60);
        var claims = SignedJWT.parse(answer.path("access_token").asString()).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("user 1");
        assertThat(claims.getAudience()).containsExactly("other");
        assertThat(claims.getStringClaim("scope")).isEqualTo("devices:write");
    }

    /** RFC 6749 section 4.4, as Kafka's clients ask. */
    @Test
    void tokenEndpoint_issuesATokenToAService() throws Exception {
        var credentials = Base64.getEncoder().encodeToString("service-1:any".getBytes(StandardCharsets.UTF_8));
        var request = HttpRequest.newBuilder(URI.create(oidc.issuer() + "/token"))
                .header("Authorization", "Basic " + credentials)
                .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=kafka"))
                .build();

        var response = HTTP.send(request, BodyHandlers.ofString());

        var token = JsonMapper.shared().readTree(response.body()).path("access_token");
        var claims = SignedJWT.parse(token.asString()).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("service-1");
        assertThat(claims.getAudience()).containsExactly("kafka");
    }

    @Test
    void tokenEndpoint_ofAnInvalidForm_namesTheExpectedFields() throws Exception {
        for (var form : List.of("", "scope=x", "subject=u&lifetime=long")) {
            var response = post(form);

            assertThat(response.statusCode()).as(form).isEqualTo(400);
            assertThat(JsonMapper.shared()
                            .readTree(response.body())
                            .path("error")
                            .asString())
                    .isEqualTo("invalid_request");
            assertThat(response.body()).contains("expected");
        }
    }

    private HttpResponse<String> post(String form) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(oidc.issuer() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
