package dev.ncwrelay.ingress.verify;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Compares one signature with a body: RSA PKCS#1 v1.5 with SHA-512, by any of the keys. */
public final class SignatureCheck {

    private final List<RSAPublicKey> keys;
    private final byte[] signature;
    private final Supplier<SignedContent> form;
    private final String rejection;

    /**
     * Takes what the header says.
     *
     * @param form how the body enters the signature; a fresh one for each key
     * @param rejection what is said of a body that was not signed
     */
    SignatureCheck(List<RSAPublicKey> keys, byte[] signature, Supplier<SignedContent> form, String rejection) {
        this.keys = List.copyOf(keys);
        this.signature = signature.clone();
        this.form = form;
        this.rejection = rejection;
    }

    /** Whether a signature has the length that this key's signatures have (RFC 8017 section 8.2.2, step 1). */
    static boolean hasSignatureLength(RSAPublicKey key, byte[] signature) {
        return signature.length == (key.getModulus().bitLength() + 7) / 8;
    }

    /** Checks a body, which is not copied: it belongs to the webhook from now on. */
    public Verification verify(byte[] body, Instant receivedAt) {
        return keys.stream().anyMatch(key -> verifies(key, body))
                ? new Verification.Verified(new VerifiedWebhook(body, receivedAt))
                : new Verification.Rejected(rejection);
    }

    /** An error while checking is a failed check. */
    private boolean verifies(RSAPublicKey key, byte[] body) {
        try {
            var check = Signature.getInstance("SHA512withRSA");
            check.initVerify(key);
            form.get().update(check, body);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
