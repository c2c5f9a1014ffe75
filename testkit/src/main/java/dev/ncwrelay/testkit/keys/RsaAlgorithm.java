package dev.ncwrelay.testkit.keys;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;

/** The signature algorithms of RFC 7518 section 3.3 that Fireblocks and its users' issuers use. */
public enum RsaAlgorithm {
    RS256("SHA256withRSA"),
    RS512("SHA512withRSA");

    private final String jcaName;

    RsaAlgorithm(String jcaName) {
        this.jcaName = jcaName;
    }

    String jcaName() {
        return jcaName;
    }

    /** Whether {@code signature} is this key's over {@code content}; a malformed signature is simply not. */
    public boolean verifies(RSAPublicKey key, byte[] content, byte[] signature) {
        try {
            var verifier = Signature.getInstance(jcaName);
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
