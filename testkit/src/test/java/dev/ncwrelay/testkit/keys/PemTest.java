package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.testkit.samples.PublishedKey;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class PemTest {
    private final SigningKey key = SigningKey.generate("k");

    @Test
    void publicKey_survivesTheRoundTrip() {
        assertThat(Pem.parsePublicKey(Pem.publicKey(key.publicKey()))).isEqualTo(key.publicKey());
    }

    @Test
    void privateKey_survivesTheRoundTrip() {
        var read = Pem.parsePrivateKey("k", Pem.privateKey(key.privateKey()));

        assertThat(read.privateKey()).isEqualTo(key.privateKey());
        assertThat(read.publicKey()).isEqualTo(key.publicKey());
    }

    @Test
    void privateKeyPkcs1_isTheInnerPartOfPkcs8() throws Exception {
        // RFC 5958 section 2: PKCS#8 ends with an octet string that is, for RSA, the PKCS#1 structure.
        for (var bits : new int[] {1024, 2048}) {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            var pkcs8 = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();

            var pkcs1 = Pem.privateKeyPkcs1(pkcs8);

            var der = Base64.getMimeDecoder().decode(pkcs1.replaceAll("-----[A-Z ]+-----", ""));
            assertThat(pkcs8.getEncoded()).endsWith(der);
            assertThat(pkcs1).startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
        }
    }

    @Test
    void publishedKeys_areRead() {
        assertThat(PublishedKey.values())
                .allSatisfy(published -> assertThat(
                                Pem.parsePublicKey(published.pem()).getModulus().bitLength())
                        .isIn(2048, 4096));
    }

    @Test
    void parsePrivateKey_ofOtherText_namesTheExpectedForm() {
        assertThatThrownBy(() -> Pem.parsePrivateKey("k", Pem.privateKeyPkcs1(key.privateKey())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BEGIN PRIVATE KEY");
    }
}
