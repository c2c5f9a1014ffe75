package dev.ncwrelay.ingress.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.ingress.verify.VerifySettings.Legacy;
import dev.ncwrelay.rsa.RsaProvider;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.samples.PublishedKey;
import dev.ncwrelay.testkit.samples.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyVerifierTest {

    private static final SigningKey KEY = SigningKey.generate("legacy");
    private static final byte[] BODY = "{\"type\":\"any\"}".getBytes(UTF_8);

    private final Vectors.SignedBody vector = Vectors.webhook();
    private final RSAPublicKey vectorKey = Pem.parsePublicKey(vector.publicKeyPem());

    @Test
    void check_acceptsASignatureOfAnotherImplementation() {
        assertThat(verify(List.of(vectorKey), vector.body(), vector.legacySignature()))
                .isInstanceOf(Verification.Verified.class);
    }

    @Test
    void check_rejectsTheBodyWithAnyByteChanged() {
        for (int i = 0; i < vector.body().length; i++) {
            var changed = vector.body();
            changed[i] ^= 1;
            assertThat(verify(List.of(vectorKey), changed, vector.legacySignature()))
                    .as("byte %d", i)
                    .isInstanceOf(Verification.Rejected.class);
        }
    }

    @Test
    void check_rejectsTheSignatureWithAnyCharacterChanged() {
        for (int i = 0; i < vector.legacySignature().length(); i++) {
            var changed = new StringBuilder(vector.legacySignature());
            changed.setCharAt(i, changed.charAt(i) == 'A' ? 'B' : 'A');
            assertThat(verify(List.of(vectorKey), vector.body(), changed.toString()))
                    .as("character %d", i)
                    .isInstanceOf(Verification.Rejected.class);
        }
    }

    @Test
    void check_acceptsAnyConfiguredKeyAndNoOther() {
        var signature = Base64.getEncoder().encodeToString(KEY.sign(RsaAlgorithm.RS512, BODY));

        assertThat(verify(List.of(vectorKey, KEY.publicKey()), BODY, signature))
                .isInstanceOf(Verification.Verified.class);
        assertThat(verify(List.of(vectorKey), BODY, signature)).isInstanceOf(Verification.Rejected.class);
        assertThat(verify(List.of(), BODY, signature)).isInstanceOf(Verification.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "AAAA", "not base64 at all"})
    void check_rejectsOtherTextThanASignature(String header) {
        assertThat(verify(List.of(KEY.publicKey()), BODY, header)).isInstanceOf(Verification.Rejected.class);
    }

    @ParameterizedTest
    @EnumSource
    void load_hasThePublishedKeysOfEachRegion(Region region) {
        var published = Map.of(
                Region.US, List.of(PublishedKey.US),
                Region.EU, List.of(PublishedKey.EU_AND_EU2),
                Region.EU2, List.of(PublishedKey.EU_AND_EU2),
                Region.SANDBOX, List.of(PublishedKey.SANDBOX, PublishedKey.SANDBOX_V1));

        assertThat(LegacyKeys.load(settings(region)))
                .extracting(LegacyVerifierTest::sha256)
                .containsExactlyElementsOf(published.getOrDefault(region, List.of()).stream()
                        .map(PublishedKey::sha256)
                        .toList());
    }

    @Test
    void load_prefersConfiguredKeys(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key.pem"), Pem.publicKey(KEY.publicKey()));

        assertThat(LegacyKeys.load(settings(Region.US, file))).containsExactly(KEY.publicKey());
    }

    @Test
    void load_ofAnInvalidFile_namesTheSetting(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key.pem"), "no key");

        assertThatThrownBy(() -> LegacyKeys.load(settings(Region.US, file)))
                .hasMessageContaining("relay.ingress.verify.legacy.key-files");
        // The value may be a key that was pasted where its file belongs, so it is not repeated.
        assertThatThrownBy(() -> LegacyKeys.load(settings(Region.US, folder.resolve("missing.pem"))))
                .hasMessageContaining("relay.ingress.verify.legacy.key-files")
                .hasMessageContaining("NoSuchFileException")
                .hasMessageNotContaining("missing.pem");
    }

    /** The implementation of RSA; all tests hold for each. */
    RsaProvider rsa() {
        return RsaProvider.ofJdk();
    }

    private Verification verify(List<RSAPublicKey> keys, byte[] body, String signature) {
        return Verified.verify(new LegacyVerifier(keys, rsa()).prepare(signature), body);
    }

    private static VerifySettings settings(Region region, Path... keyFiles) {
        return new VerifySettings(region, null, new Legacy(true, List.of(keyFiles)));
    }

    private static String sha256(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
