package dev.ncwrelay.testkit.keys;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** RSA keys as PEM texts (RFC 7468). */
public final class Pem {

    private Pem() {}

    public static String publicKey(RSAPublicKey key) {
        return armour("PUBLIC KEY", key.getEncoded());
    }

    /** PKCS#8, the form that Fireblocks' Java SDK reads. */
    public static String privateKey(RSAPrivateCrtKey key) {
        return armour("PRIVATE KEY", key.getEncoded());
    }

    /** PKCS#1, the form that older openssl commands write (RFC 8017 appendix A.1.2). */
    public static String privateKeyPkcs1(RSAPrivateCrtKey key) {
        var numbers = List.of(
                BigInteger.ZERO,
                key.getModulus(),
                key.getPublicExponent(),
                key.getPrivateExponent(),
                key.getPrimeP(),
                key.getPrimeQ(),
                key.getPrimeExponentP(),
                key.getPrimeExponentQ(),
                key.getCrtCoefficient());
        var content = new ByteArrayOutputStream();
        numbers.forEach(number -> content.writeBytes(der(0x02, number.toByteArray())));
        return armour("RSA PRIVATE KEY", der(0x30, content.toByteArray()));
    }

    /**
     * Reads an X.509 public key.
     *
     * @throws IllegalArgumentException if the text is none, or not of RSA
     */
    public static RSAPublicKey parsePublicKey(String pem) {
        try {
            var spec = new X509EncodedKeySpec(content("PUBLIC KEY", pem));
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a PEM \"PUBLIC KEY\" of an RSA key is needed", e);
        }
    }

    /**
     * Reads a PKCS#8 key pair, the public half being part of the private one.
     *
     * @throws IllegalArgumentException if the text is no PKCS#8 RSA key
     */
    public static SigningKey parsePrivateKey(String kid, String pem) {
        try {
            var factory = KeyFactory.getInstance("RSA");
            var key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(content("PRIVATE KEY", pem)));
            var publicKey = factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return SigningKey.of(kid, new KeyPair(publicKey, key));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a PEM \"PRIVATE KEY\" (PKCS#8) of an RSA key is needed", e);
        }
    }

    private static String armour(String label, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static byte[] content(String label, String pem) {
        var begin = "-----BEGIN " + label + "-----";
        var end = "-----END " + label + "-----";
        var from = pem.indexOf(begin);
        var to = pem.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("a text between \"" + begin + "\" and \"" + end + "\" is needed");
        }
        return Base64.getMimeDecoder()
                .decode(pem.substring(from + begin.length(), to).getBytes(StandardCharsets.US_ASCII));
    }

    /** One DER element: tag, length (X.690 section 8.1.3), content. */
    private static byte[] der(int tag, byte[] content) {
        var element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 0x80) {
            element.write(content.length);
        } else {
            var length = BigInteger.valueOf(content.length).toByteArray();
            var from = length[0] == 0 ? 1 : 0;
            element.write(0x80 | (length.length - from));
            element.write(length, from, length.length - from);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
