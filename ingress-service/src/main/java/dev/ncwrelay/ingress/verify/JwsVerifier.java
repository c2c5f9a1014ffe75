package dev.ncwrelay.ingress.verify;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import dev.ncwrelay.ingress.verify.HeaderCheck.KeysUnavailable;
import dev.ncwrelay.ingress.verify.HeaderCheck.Prepared;
import dev.ncwrelay.ingress.verify.HeaderCheck.Rejected;
import dev.ncwrelay.rsa.RsaProvider;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Verifies the header {@code Fireblocks-Webhook-Signature}: a compact JWS with detached payload,
 * {@code header..signature}, whose payload is the base64url of the raw body. The algorithm must be RS512, and {@code kid}
 * selects the key in Fireblocks' key set. See developers.fireblocks.com/reference/validating-webhooks.
 */
final class JwsVerifier {

    private final WebhookKeys keys;
    private final RsaProvider rsa;

    JwsVerifier(WebhookKeys keys, RsaProvider rsa) {
        this.keys = keys;
        this.rsa = rsa;
    }

    /** Checks the header without the body. Completes at once unless the key set must be fetched first. */
    CompletableFuture<HeaderCheck> prepare(String jws) {
        var parts = jws.strip().split("\\.", -1);
        if (parts.length != 3 || !parts[1].isEmpty()) {
            return rejected("the signature is not a JWS with detached payload, header..signature");
        }
        try {
            var header = JWSHeader.parse(new Base64URL(parts[0]));
            // Pinning the algorithm keeps a public key from being used as a secret; jku, jwk and x5u are never
            // followed.
            if (!JWSAlgorithm.RS512.equals(header.getAlgorithm())) {
                return rejected("the signature's algorithm is not RS512");
            }
            if (header.getCriticalParams() != null
                    && !header.getCriticalParams().isEmpty()) {
                return rejected("the signature has unknown critical parameters");
            }
            if (header.getKeyID() == null) {
                return rejected("the signature has no key id");
            }
            // The JDK's Base64 is several times faster than Nimbus', and a signature has 700 characters.
            var signature = Base64.getUrlDecoder().decode(parts[2]);
            // Base64 has unused bits at its end; only one encoding of a signature is accepted.
            if (!Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(signature)
                    .equals(parts[2])) {
                return rejected("the signature is not in canonical base64url");
            }
            return keys.find(header.getKeyID()).thenApply(lookup -> switch (lookup) {
                case KeyLookup.Found(var key) -> prepared(key, parts[0], signature);
                case KeyLookup.Unknown() -> new Rejected("unknown key id");
                case KeyLookup.Unavailable(var cause) -> new KeysUnavailable(cause);
            });
        } catch (ParseException | RuntimeException e) {
            // Nimbus also throws unchecked exceptions for some headers (for example JSON's null); every error is a
            // rejection.
            return rejected("the signature cannot be parsed");
        }
    }

    private HeaderCheck prepared(RSAPublicKey key, String header, byte[] signature) {
        return SignatureCheck.hasSignatureLength(key, signature)
                ? new Prepared(new SignatureCheck(
                        rsa,
                        List.of(key),
                        signature,
                        () -> new JwsSignedContent(header),
                        "the signature does not match the body"))
                : new Rejected("the signature has the wrong length for its key");
    }

    private static CompletableFuture<HeaderCheck> rejected(String reason) {
        return CompletableFuture.completedFuture(new Rejected(reason));
    }
}
