package dev.ncwrelay.rpc.credentials;

import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.regex.Pattern;
import org.springframework.boot.ssl.pem.PemContent;

/** Reads an RSA private key from PEM, PKCS#8 or PKCS#1. */
final class RsaPem {

    static final int MIN_BITS = 2048;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    private RsaPem() {}

    /** The result of parsing. */
    sealed interface Parsed {

        /** A key that can sign. */
        record Key(RSAPrivateKey key) implements Parsed {}

        /** What it is instead of a usable key; human-readable. */
        record Unusable(String reason) implements Parsed {}
    }

    static Parsed parse(String pem) {
        PrivateKey key;
        try {
            key = PemContent.of(pem).getPrivateKey();
        } catch (IllegalStateException e) {
            // Its message does not say what the text is instead.
            return new Parsed.Unusable(reason(pem));
        }
        // A key that is only for RSASSA-PSS cannot make Fireblocks' signatures.
        if (!(key instanceof RSAPrivateKey rsa) || !"RSA".equals(rsa.getAlgorithm())) {
            return new Parsed.Unusable("holds a private key that is not of RSA");
        }
        if (rsa.getModulus().bitLength() < MIN_BITS) {
            return new Parsed.Unusable("holds an RSA key of fewer than " + MIN_BITS + " bits");
        }
        return new Parsed.Key(rsa);
    }

    private static String reason(String pem) {
        // Also legacy openssl encryption, which is declared in a header of the block.
        if (pem.contains("ENCRYPTED")) {
            return "holds an encrypted private key";
        }
        var begin = BEGIN.matcher(pem);
        return begin.find()
                ? "holds a \"" + begin.group(1) + "\", which is damaged or not a private key of RSA"
                : "holds no PEM block (-----BEGIN ... -----END ...)";
    }
}
