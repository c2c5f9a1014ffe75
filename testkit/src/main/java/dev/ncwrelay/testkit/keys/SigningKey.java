package dev.ncwrelay.testkit.keys;

import dev.ncwrelay.rsa.RsaProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;

/** An RSA key pair with an id. {@code toString} does not contain the private key. */
public final class SigningKey {
    private final String kid;
    private final RSAPublicKey publicKey;
    private final RSAPrivateCrtKey privateKey;
    private final RSAPrivateKey signing;

    private SigningKey(String kid, RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
        this.kid = kid;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
        this.signing = RsaProvider.fastest().adopt(privateKey);
    }

    /** A new pair of 2,048 bits, as identity providers have them. */
    public static SigningKey generate(String kid) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return of(kid, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** A pair of 4,096 bits, as Fireblocks has them: one of those that are part of this jar, in turn. */
    public static SigningKey ofFireblocksSize(String kid) {
        return LargeKeys.next(kid);
    }

    static SigningKey of(String kid, KeyPair pair) {
        return new SigningKey(kid, (RSAPublicKey) pair.getPublic(), (RSAPrivateCrtKey) pair.getPrivate());
    }

    public String kid() {
        return kid;
    }

    /** The same key pair under another id. */
    public SigningKey withKid(String other) {
        return new SigningKey(other, publicKey, privateKey);
    }

    public RSAPublicKey publicKey() {
        return publicKey;
    }

    public RSAPrivateCrtKey privateKey() {
        return privateKey;
    }

    /** An RSASSA-PKCS1-v1_5 signature over {@code content}. */
    public byte[] sign(RsaAlgorithm algorithm, byte[] content) {
        try {
            var signature = RsaProvider.fastest().signature(algorithm.jcaName());
            signature.initSign(signing);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with " + algorithm.jcaName(), e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
