package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.ingress.verify.HeaderCheck.Prepared;
import dev.ncwrelay.ingress.verify.HeaderCheck.Rejected;
import dev.ncwrelay.rsa.RsaProvider;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;

/**
 * Verifies the header {@code Fireblocks-Signature}: base64 of RSA PKCS#1 v1.5 with SHA-512 over the raw body, with a key
 * from Fireblocks' documentation. The sandbox has several keys, any of which may have signed.
 */
final class LegacyVerifier {

    private final List<RSAPublicKey> keys;
    private final RsaProvider rsa;

    LegacyVerifier(List<RSAPublicKey> keys, RsaProvider rsa) {
        this.rsa = rsa;
        this.keys = keys.stream().map(rsa::adopt).toList();
    }

    /** Checks the header without the body. */
    HeaderCheck prepare(String header) {
        byte[] signature;
        try {
            signature = Base64.getDecoder().decode(header.strip());
        } catch (IllegalArgumentException e) {
            return new Rejected("the legacy signature is not base64");
        }
        if (!Base64.getEncoder().encodeToString(signature).equals(header.strip())) {
            return new Rejected("the legacy signature is not in canonical base64");
        }
        var possible = keys.stream()
                .filter(key -> SignatureCheck.hasSignatureLength(key, signature))
                .toList();
        if (possible.isEmpty()) {
            return new Rejected("the legacy signature has the wrong length for the configured keys");
        }
        return new Prepared(new SignatureCheck(
                rsa,
                possible,
                signature,
                () -> Signature::update,
                "the legacy signature does not match the body with a configured key"));
    }
}
