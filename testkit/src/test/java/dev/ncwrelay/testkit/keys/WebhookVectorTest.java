package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ncwrelay.testkit.samples.Vectors;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Reads the vector with Nimbus and with the JDK, so that the vector and this package's algorithms prove each other. */
final class WebhookVectorTest {

    @Test
    void jws_isVerifiedByItsKeySet() throws Exception {
        var vector = Vectors.webhook();
        var jws = JWSObject.parse(vector.jws(), new Payload(vector.body()));

        var key = JWKSet.parse(vector.jwks()).getKeyByKeyId(jws.getHeader().getKeyID());

        assertThat(jws.getHeader().getAlgorithm().getName()).isEqualTo("RS512");
        assertThat(jws.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
    }

    @Test
    void legacySignature_isVerifiedByItsKey() {
        var vector = Vectors.webhook();
        var key = Pem.parsePublicKey(vector.publicKeyPem());
        var signature = Base64.getDecoder().decode(vector.legacySignature());

        assertThat(RsaAlgorithm.RS512.verifies(key, vector.body(), signature)).isTrue();
    }

    @Test
    void legacySignature_doesNotMatchAChangedBody() {
        var vector = Vectors.webhook();
        var key = Pem.parsePublicKey(vector.publicKeyPem());
        var signature = Base64.getDecoder().decode(vector.legacySignature());
        var changed = vector.body();
        changed[changed.length / 2] ^= 1;

        assertThat(RsaAlgorithm.RS512.verifies(key, changed, signature)).isFalse();
    }
}
