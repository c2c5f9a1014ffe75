package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.ingress.verify.Verification.Rejected;
import dev.ncwrelay.ingress.verify.Verification.Verified;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;

/**
 * Checks the header {@code Fireblocks-Signature}: base64 of RSA PKCS#1 v1.5 with SHA-512 over the raw body, by a key
 * Fireblocks publishes on its documentation pages. It publishes several for its sandbox, so any of a list will do.
 */
final class LegacyCheck {

    private final List<PublicKey> keys;

    LegacyCheck(List<PublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    Verification check(RawWebhook webhook, String header) {
        byte[] signature;
        try {
            signature = Base64.getDecoder().decode(header.strip());
        } catch (IllegalArgumentException e) {
            return new Rejected("the legacy signature is not base64");
        }
        if (!Base64.getEncoder().encodeToString(signature).equals(header.strip())) {
            return new Rejected("the legacy signature is not in canonical base64");
        }
        return keys.stream().anyMatch(key -> verifies(key, webhook.body(), signature))
                ? new Verified(new VerifiedWebhook(webhook))
                : new Rejected("the legacy signature is not of this body, or not by a key that is configured");
    }

    /** An error while checking is a failed check. */
    private static boolean verifies(PublicKey key, byte[] body, byte[] signature) {
        try {
            var check = Signature.getInstance("SHA512withRSA");
            check.initVerify(key);
            check.update(body);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
