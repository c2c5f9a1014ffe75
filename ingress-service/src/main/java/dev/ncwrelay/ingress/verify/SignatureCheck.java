package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.rsa.RsaProvider;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Verifies a signature over a body: RSA PKCS#1 v1.5 with SHA-512, with any of the keys. */
public final class SignatureCheck {

    private final RsaProvider rsa;
    private final List<RSAPublicKey> keys;
    private final byte[] signature;
    private final Supplier<SignedContent> content;
    private final String rejection;

    /**
     * Creates the check from a signature header.
     *
     * @param content supplies the signed content, once for each key
     * @param rejection reason for a body that the signature does not match
     */
    SignatureCheck(
            RsaProvider rsa,
            List<RSAPublicKey> keys,
            byte[] signature,
            Supplier<SignedContent> content,
            String rejection) {
        this.rsa = rsa;
        this.keys = List.copyOf(keys);
        this.signature = signature.clone();
        this.content = content;
        this.rejection = rejection;
    }

    /** Whether a signature has the length of this key's signatures (RFC 8017 section 8.2.2, step 1). */
    static boolean hasSignatureLength(RSAPublicKey key, byte[] signature) {
        return signature.length == (key.getModulus().bitLength() + 7) / 8;
    }

    /** Verifies a body. It is not copied: the caller must not change it afterwards. */
    public Verification verify(byte[] body, Instant receivedAt) {
        return keys.stream().anyMatch(key -> verifies(key, body))
                ? new Verification.Verified(new VerifiedWebhook(body, receivedAt))
                : new Verification.Rejected(rejection);
    }

    /** An error counts as a failed check. */
    private boolean verifies(RSAPublicKey key, byte[] body) {
        try {
            var check = rsa.signature("SHA512withRSA");
            check.initVerify(key);
            content.get().update(check, body);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
