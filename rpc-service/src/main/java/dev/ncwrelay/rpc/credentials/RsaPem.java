package dev.ncwrelay.rpc.credentials;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an RSA private key from PEM (RFC 7468), PKCS#8 or PKCS#1. */
final class RsaPem {

    private static final int MIN_BITS = 2048;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";

    private RsaPem() {}

    /** The result of parsing. */
    sealed interface Parsed {

        /** A key that can sign. */
        record Key(RSAPrivateKey key) implements Parsed {}

        /** What it is instead of a usable key; human-readable. */
        record Unusable(String reason) implements Parsed {}
    }

    static Parsed parse(String pem) {
        var block = BLOCK.matcher(pem);
        if (!block.find()) {
            return new Parsed.Unusable("holds no PEM block (-----BEGIN ... -----END ...)");
        }
        var label = block.group(1);
        var der = decode(block.group(2));
        if (der.isEmpty()) {
            return new Parsed.Unusable("holds a \"" + label + "\" that is not base64");
        }
        return switch (label) {
            case PKCS8 -> key(der.get());
            case PKCS1 ->
                // Legacy openssl encryption, which is declared in a header of the block.
                block.group(2).contains("ENCRYPTED") ? encrypted() : key(Pkcs1.toPkcs8(der.get()));
            case "ENCRYPTED PRIVATE KEY" -> encrypted();
            default -> new Parsed.Unusable("holds a \"" + label + "\", not a private key of RSA");
        };
    }

    private static Parsed key(byte[] pkcs8) {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            return new Parsed.Unusable("holds a private key that is damaged or not of RSA");
        }
        if (!(key instanceof RSAPrivateKey rsa) || rsa.getModulus().bitLength() < MIN_BITS) {
            return new Parsed.Unusable("holds an RSA key of fewer than " + MIN_BITS + " bits");
        }
        return new Parsed.Key(rsa);
    }

    private static Parsed encrypted() {
        return new Parsed.Unusable("holds an encrypted private key");
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
