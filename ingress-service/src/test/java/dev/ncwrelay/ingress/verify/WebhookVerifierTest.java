package dev.ncwrelay.ingress.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rsa.RsaProvider;
import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookVerifierTest {

    private static final SigningKey KEY = SigningKey.generate("key");
    private static final byte[] BODY = "{}".getBytes(UTF_8);
    private static final String JWS = Jws.detached(KEY, RsaAlgorithm.RS512, BODY);
    private static final String LEGACY = Base64.getEncoder().encodeToString(KEY.sign(RsaAlgorithm.RS512, BODY));

    private final WebhookVerifier withoutLegacy = new WebhookVerifier(jws(), Optional.empty());
    private final WebhookVerifier withLegacy =
            new WebhookVerifier(jws(), Optional.of(new LegacyVerifier(List.of(KEY.publicKey()), RsaProvider.ofJdk())));

    @Test
    void verify_acceptsTheLegacySignatureOnlyIfEnabled() {
        assertThat(verify(withLegacy, Optional.empty(), Optional.of(LEGACY))).isInstanceOf(Verification.Verified.class);
        assertThat(verify(withoutLegacy, Optional.empty(), Optional.of(LEGACY)))
                .isInstanceOfSatisfying(
                        Verification.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("relay.ingress.verify.legacy.enabled"));
    }

    @Test
    void verify_withAJws_ignoresTheLegacySignature() {
        assertThat(verify(withLegacy, Optional.of(JWS), Optional.of("bad"))).isInstanceOf(Verification.Verified.class);
        assertThat(verify(withLegacy, Optional.of("bad"), Optional.of(LEGACY)))
                .isInstanceOf(Verification.Rejected.class);
        assertThat(verify(withLegacy, Optional.of(""), Optional.of(LEGACY))).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void verify_rejectsAWebhookWithoutSignature() {
        assertThat(verify(withLegacy, Optional.empty(), Optional.empty())).isInstanceOf(Verification.Rejected.class);
    }

    private static Verification verify(WebhookVerifier verifier, Optional<String> jws, Optional<String> legacy) {
        return Verified.verify(verifier.prepare(jws, legacy).join(), BODY);
    }

    private static JwsVerifier jws() {
        var published = new FetchedKeys(Map.of(KEY.kid(), KEY.publicKey()), Duration.ofHours(1));
        return new JwsVerifier(
                new WebhookKeys(() -> published, new MutableClock(), Runnable::run), RsaProvider.ofJdk());
    }
}
