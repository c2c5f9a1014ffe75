package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class SigningKeysTest {
    private final SigningKeys keys = SigningKeys.named("webhook-key", RsaAlgorithm.RS512);

    @Test
    void rotate_signsWithANewKey_andKeepsTheOldOnePublished() {
        var first = keys.current();

        var second = keys.rotate();

        assertThat(keys.current()).isSameAs(second).isNotSameAs(first);
        assertThat(keys.published()).containsExactly(first, second);
    }

    @Test
    void withdraw_removesAKeyFromTheSetOnly() {
        var only = keys.current();

        keys.withdraw(only.kid());

        assertThat(keys.published()).isEmpty();
        assertThat(keys.current()).isSameAs(only);
    }

    @Test
    void withdraw_ofAnUnknownKey_fails() {
        assertThatThrownBy(() -> keys.withdraw("webhook-key-0")).hasMessageContaining("webhook-key-0");
    }

    @Test
    void kids_differBetweenSetsOfTheSameName() {
        var kids = new HashSet<String>();
        kids.add(keys.current().kid());
        kids.add(SigningKeys.named("webhook-key", RsaAlgorithm.RS512).current().kid());

        assertThat(kids).hasSize(2).allMatch(kid -> kid.startsWith("webhook-key-"));
    }

    @Test
    void jwks_isReadByNimbus() throws Exception {
        keys.rotate();
        keys.rotate();

        var set = JWKSet.parse(keys.jwks());

        assertThat(set.getKeys()).hasSize(2).allSatisfy(jwk -> {
            assertThat(jwk.getAlgorithm().getName()).isEqualTo("RS512");
            assertThat(jwk.getKeyUse().identifier()).isEqualTo("sig");
            assertThat(jwk.isPrivate()).isFalse();
        });
        assertThat(set.getKeys().getLast().toRSAKey().toRSAPublicKey())
                .isEqualTo(keys.current().publicKey());
    }

    @Test
    void toString_showsTheIdOnly() {
        var key = keys.current();

        assertThat(key).hasToString("SigningKey[" + key.kid() + "]");
    }
}
