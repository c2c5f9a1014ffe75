package dev.ncwrelay.rsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeRsaTest {

    private static final KeyPair KEY = key();
    private static final RSAPrivateKey PRIVATE = (RSAPrivateKey) KEY.getPrivate();

    @Test
    void platformWithoutALibrary_getsTheJdks() {
        assertThat(NativeRsa.load("Mac OS X", "aarch64"))
                .isEqualTo(new NativeRsa.Missing("no native library for Mac OS X on aarch64"));
        assertThat(NativeRsa.load("Linux", "riscv64")).isInstanceOf(NativeRsa.Missing.class);
    }

    @Test
    void libraryOfAnotherProcessor_isNotUsed() {
        var other = System.getProperty("os.arch").equals("amd64") ? "aarch64" : "amd64";

        assertThat(NativeRsa.load("Linux", other))
                .isInstanceOfSatisfying(
                        NativeRsa.Missing.class,
                        missing -> assertThat(missing.reason()).contains("cannot be"));
    }

    @Test
    void library_isUsed_whereThePlatformHasIt() {
        assumeTrue(isSupported(), "there is a native library for Linux on amd64 and aarch64 only");

        assertThat(RsaProvider.fastest().provider().getName()).isEqualTo("AmazonCorrettoCryptoProvider");
        assertThat(RsaProvider.fastest().reason()).isEmpty();
    }

    /** PKCS#1 v1.5 has no random part, so two implementations make the same bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"SHA256withRSA", "SHA512withRSA"})
    void signatures_areTheSameBytes(String algorithm) throws GeneralSecurityException {
        var random = new Random(3);
        for (int round = 0; round < 20; round++) {
            var content = new byte[random.nextInt(5_000)];
            random.nextBytes(content);

            var expected = sign(RsaProvider.ofJdk(), PRIVATE, algorithm, content);
            assertThat(sign(RsaProvider.fastest(), PRIVATE, algorithm, content)).isEqualTo(expected);
            assertThat(sign(RsaProvider.fastest(), RsaProvider.fastest().adopt(PRIVATE), algorithm, content))
                    .isEqualTo(expected);
        }
    }

    /** Also for signatures that are too short, too long, or of a number above the modulus. */
    @Test
    void changedSignatures_areRejectedByBoth() throws GeneralSecurityException {
        var content = new byte[100];
        var signature = sign(RsaProvider.ofJdk(), PRIVATE, "SHA512withRSA", content);
        for (int bit = 0; bit < signature.length * 8; bit += 5) {
            var changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(verifies(RsaProvider.fastest(), content, changed))
                    .as("bit %d", bit)
                    .isFalse();
            assertThat(verifies(RsaProvider.ofJdk(), content, changed))
                    .as("bit %d", bit)
                    .isFalse();
        }
        for (int length : new int[] {0, 1, 255, 257, 512}) {
            assertThat(verifies(RsaProvider.fastest(), content, new byte[length]))
                    .isFalse();
            assertThat(verifies(RsaProvider.ofJdk(), content, new byte[length])).isFalse();
        }
        assertThat(verifies(RsaProvider.fastest(), content, signature)).isTrue();
        assertThat(verifies(RsaProvider.ofJdk(), content, signature)).isTrue();
    }

    private static byte[] sign(RsaProvider rsa, RSAPrivateKey key, String algorithm, byte[] content)
            throws GeneralSecurityException {
        var signature = rsa.signature(algorithm);
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }

    private static boolean verifies(RsaProvider rsa, byte[] content, byte[] signature) {
        try {
            var check = rsa.signature("SHA512withRSA");
            check.initVerify(rsa.adopt((RSAPublicKey) KEY.getPublic()));
            check.update(content);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux")
                && (System.getProperty("os.arch").equals("amd64")
                        || System.getProperty("os.arch").equals("aarch64"));
    }

    private static KeyPair key() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }
}
