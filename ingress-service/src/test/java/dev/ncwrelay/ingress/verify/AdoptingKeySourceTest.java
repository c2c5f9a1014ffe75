package dev.ncwrelay.ingress.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.rsa.RsaProvider;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.KeySpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdoptingKeySourceTest {

    private final RSAPublicKey good = key();
    private final RSAPublicKey refused = key();
    private final RsaProvider rsa = new RsaProvider(new Refusing(Set.of(refused)), Optional.empty());

    @Test
    void keyThatTheProviderRefuses_isLeftOut_andTheOthersVerify() throws Exception {
        var source = new AdoptingKeySource(() -> keys(Map.of("good", good, "refused", refused)), rsa);

        assertThat(source.fetch().keys()).isEqualTo(Map.of("good", good));
    }

    @Test
    void setWithoutAUsableKey_isAFailedFetch() {
        var source = new AdoptingKeySource(() -> keys(Map.of("refused", refused)), rsa);

        assertThatThrownBy(source::fetch).isInstanceOf(IOException.class).hasMessageContaining("Refusing 1");
    }

    private static FetchedKeys keys(Map<String, RSAPublicKey> keys) {
        return new FetchedKeys(keys, Duration.ofHours(1));
    }

    private static RSAPublicKey key() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return (RSAPublicKey) generator.generateKeyPair().getPublic();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Knows RSA, but not these keys. */
    private static final class Refusing extends Provider {
        Refusing(Set<Key> refused) {
            super("Refusing", "1", "");
            putService(new Service(this, "KeyFactory", "RSA", "none", null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Keys(refused);
                }
            });
        }
    }

    private static final class Keys extends KeyFactorySpi {
        private final Set<Key> refused;

        private Keys(Set<Key> refused) {
            this.refused = refused;
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            if (refused.contains(key)) {
                throw new InvalidKeyException("injected");
            }
            return key;
        }

        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) {
            throw new UnsupportedOperationException();
        }
    }
}
