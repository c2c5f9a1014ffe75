package dev.ncwrelay.ingress.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ncwrelay.rsa.RsaProvider;
import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.samples.Vectors;
import dev.ncwrelay.testkit.time.MutableClock;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwsVerifierTest {

    private static final SigningKey KEY = SigningKey.generate("key-1");
    private static final byte[] BODY = "{\"eventType\":\"any\"}".getBytes(UTF_8);

    private final Vectors.SignedBody vector = Vectors.webhook();
    private final JwsVerifier vectorCheck = check(() -> new FetchedKeys(parse(vector.jwks()), Duration.ofHours(1)));
    private final JwsVerifier check =
            check(() -> new FetchedKeys(Map.of(KEY.kid(), KEY.publicKey()), Duration.ofHours(1)));

    @Test
    void check_acceptsASignatureOfAnotherImplementation() {
        assertThat(verify(vectorCheck, vector.body(), vector.jws()))
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        verified -> assertThat(verified.webhook().body()).isEqualTo(vector.body()));
    }

    @Test
    void check_rejectsTheBodyWithAnyByteChanged() {
        for (int i = 0; i < vector.body().length; i++) {
            var changed = vector.body();
            changed[i] ^= 1;
            assertThat(verify(vectorCheck, changed, vector.jws()))
                    .as("byte %d", i)
                    .isInstanceOf(Verification.Rejected.class);
        }
    }

    @Test
    void check_rejectsTheSignatureWithAnyCharacterChanged() {
        for (int i = 0; i < vector.jws().length(); i++) {
            var changed = new StringBuilder(vector.jws());
            changed.setCharAt(i, changed.charAt(i) == 'A' ? 'B' : 'A');
            assertThat(verify(vectorCheck, vector.body(), changed.toString()))
                    .as("character %d", i)
                    .isInstanceOf(Verification.Rejected.class);
        }
    }

    @Test
    void check_rejectsOtherAlgorithms() throws GeneralSecurityException {
        var rs256 = Jws.detached(KEY, RsaAlgorithm.RS256, BODY);
        assertThat(verify(check, BODY, rs256)).isInstanceOf(Verification.Rejected.class);

        // A public key used as the secret of an HMAC: what pinning the algorithm is for.
        var content = base64("{\"alg\":\"HS512\",\"kid\":\"key-1\"}") + "." + base64(BODY);
        var secret = Pem.publicKey(KEY.publicKey()).getBytes(US_ASCII);
        var mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(secret, "HmacSHA512"));
        var hmac = mac.doFinal(content.getBytes(US_ASCII));
        assertThat(verify(check, BODY, base64("{\"alg\":\"HS512\",\"kid\":\"key-1\"}") + ".." + base64(hmac)))
                .isInstanceOf(Verification.Rejected.class);

        assertThat(verify(check, BODY, base64("{\"alg\":\"none\",\"kid\":\"key-1\"}") + ".."))
                .isInstanceOf(Verification.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"RS512\"}",
                "{\"alg\":\"RS512\",\"kid\":\"another\"}",
                "{\"alg\":\"RS512\",\"kid\":\"key-1\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"RS512\",\"kid\":\"key-1\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"RS512\",\"kid\":7}",
                "{\"kid\":\"key-1\"}",
                "[]",
                "{",
            })
    void check_rejectsAnInvalidHeader(String header) {
        assertThat(verify(check, BODY, signed(header, BODY))).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void check_ignoresKeysInTheHeader() {
        var foreign = SigningKey.generate("key-1");
        var modulus = foreign.publicKey().getModulus().toByteArray();
        var header = "{\"alg\":\"RS512\",\"kid\":\"key-1\",\"jku\":\"http://127.0.0.1:1/keys\","
                + "\"jwk\":{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + base64(modulus) + "\"}}";
        var content = base64(header) + "." + base64(BODY);
        var signature = foreign.sign(RsaAlgorithm.RS512, content.getBytes(US_ASCII));

        assertThat(verify(check, BODY, base64(header) + ".." + base64(signature)))
                .isInstanceOf(Verification.Rejected.class);
        assertThat(verify(check, BODY, signed(header, BODY))).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a..b", "a.b", "a.b.c.d", "ÿ..ÿ", "e30..e30", "bnVsbA..e30"})
    void check_rejectsOtherFormsThanDetachedJws(String header) {
        assertThat(verify(check, BODY, header)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void check_rejectsAnAttachedPayload() {
        var complete = Jws.detached(KEY, RsaAlgorithm.RS512, BODY).replace("..", "." + base64(BODY) + ".");

        assertThat(verify(check, BODY, complete)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void check_whileKeysCannotBeFetched_isUnavailable() {
        var cut = check(() -> {
            throw new IOException("nobody there");
        });

        assertThat(cut.prepare(vector.jws()).join())
                .isInstanceOfSatisfying(
                        HeaderCheck.KeysUnavailable.class,
                        unavailable -> assertThat(unavailable.cause()).contains("nobody there"));
    }

    /** The implementation of RSA; all tests hold for each. */
    RsaProvider rsa() {
        return RsaProvider.ofJdk();
    }

    private JwsVerifier check(KeySource source) {
        return new JwsVerifier(
                new WebhookKeys(new AdoptingKeySource(source, rsa()), new MutableClock(), Runnable::run), rsa());
    }

    private static Verification verify(JwsVerifier check, byte[] body, String jws) {
        return Verified.verify(check.prepare(jws).join(), body);
    }

    private static String signed(String header, byte[] body) {
        var content = base64(header) + "." + base64(body);
        return base64(header) + ".." + base64(KEY.sign(RsaAlgorithm.RS512, content.getBytes(US_ASCII)));
    }

    private static String base64(String text) {
        return base64(text.getBytes(UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Map<String, RSAPublicKey> parse(String jwks) throws IOException {
        var keys = new HashMap<String, RSAPublicKey>();
        try {
            for (var key : JWKSet.parse(jwks).getKeys()) {
                keys.put(key.getKeyID(), key.toRSAKey().toRSAPublicKey());
            }
        } catch (ParseException | JOSEException e) {
            throw new IOException(e);
        }
        return keys;
    }
}
