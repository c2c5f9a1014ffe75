package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Verifies with Nimbus what this package signs with the JDK. */
final class JwsTest {
    private static final byte[] BODY = "{\"name\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8);

    private final SigningKey key = SigningKey.generate("k-1");

    @Test
    void detached_isVerifiedByNimbus() throws Exception {
        var jws = JWSObject.parse(Jws.detached(key, RsaAlgorithm.RS512, BODY), new Payload(BODY));

        assertThat(jws.verify(new RSASSAVerifier(key.publicKey()))).isTrue();
        assertThat(jws.getHeader().toJSONObject()).isEqualTo(Map.of("alg", "RS512", "kid", "k-1"));
    }

    @Test
    void detached_hasAnEmptyMiddle() {
        assertThat(Jws.detached(key, RsaAlgorithm.RS512, BODY)).matches("[\\w-]+\\.\\.[\\w-]+");
    }

    @Test
    void token_isVerifiedByNimbus() throws Exception {
        var token = SignedJWT.parse(Jws.token(key, RsaAlgorithm.RS256, Map.of("sub", "user-1")));

        assertThat(token.verify(new RSASSAVerifier(key.publicKey()))).isTrue();
        assertThat(token.getHeader().getKeyID()).isEqualTo("k-1");
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("user-1");
    }
}
