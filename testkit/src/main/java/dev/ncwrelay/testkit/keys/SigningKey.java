package dev.ncwrelay.testkit.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;

/** A 2048-bit RSA key pair with an id. {@code toString} does not contain the private key. */
public final class SigningKey {
    private final String kid;
    private final RSAPublicKey publicKey;
    private final RSAPrivateCrtKey privateKey;

    private SigningKey(String kid, RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
        this.kid = kid;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    public static SigningKey generate(String kid) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return of(kid, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
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
            var signature = Signature.getInstance(algorithm.jcaName());
            signature.initSign(privateKey);
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
