package dev.ncwrelay.rsa;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/**
 * The implementation that makes and verifies RSA signatures. The choice changes how long that takes, and nothing else.
 *
 * @param provider the JCA provider
 * @param reason why it is not the native one, human-readable; empty when it is, or was not asked for
 */
public record RsaProvider(Provider provider, Optional<String> reason) {

    private static final String JDK = "SunRsaSign";

    /** The native implementation where this platform has it, the JDK's otherwise. */
    public static RsaProvider fastest() {
        return switch (NativeRsa.load()) {
            case NativeRsa.Loaded(var provider) -> new RsaProvider(provider, Optional.empty());
            case NativeRsa.Missing(var because) -> new RsaProvider(Security.getProvider(JDK), Optional.of(because));
        };
    }

    public static RsaProvider ofJdk() {
        return new RsaProvider(Security.getProvider(JDK), Optional.empty());
    }

    /** Whether it is native code. */
    public boolean isNative() {
        return !provider.getName().equals(JDK);
    }

    /** Its name and version. */
    public String title() {
        return provider.getName() + " " + provider.getVersionStr();
    }

    /** A new signature by this implementation, for example {@code SHA512withRSA}. */
    public Signature signature(String algorithm) throws NoSuchAlgorithmException {
        return Signature.getInstance(algorithm, provider);
    }

    /**
     * A key in this implementation's own form, which spares it converting the key at each signature. Any key of RSA that is
     * in memory can be.
     */
    public RSAPrivateKey adopt(RSAPrivateKey key) {
        return (RSAPrivateKey) translated(key);
    }

    /** The same of a public key. */
    public RSAPublicKey adopt(RSAPublicKey key) {
        return (RSAPublicKey) translated(key);
    }

    private Key translated(Key key) {
        try {
            return KeyFactory.getInstance("RSA", provider).translateKey(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no key of RSA that " + title() + " can use", e);
        }
    }
}
