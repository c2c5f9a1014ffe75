package dev.ncwrelay.ingress.verify;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.ncwrelay.ingress.verify.Verification.KeysUnavailable;
import dev.ncwrelay.ingress.verify.Verification.Rejected;
import dev.ncwrelay.ingress.verify.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/**
 * Checks the header {@code Fireblocks-Webhook-Signature}: a compact JWS without its payload, {@code
 * header..signature}, whose payload is the base64url of the raw body; RS512 and nothing else, the key chosen by {@code
 * kid} from Fireblocks' own key set. See developers.fireblocks.com/reference/validating-webhooks.
 */
final class JwsCheck {

    private final WebhookKeys keys;

    JwsCheck(WebhookKeys keys) {
        this.keys = keys;
    }

    Verification check(RawWebhook webhook, String jws) {
        var parts = jws.strip().split("\\.", -1);
        if (parts.length != 3 || !parts[1].isEmpty()) {
            return new Rejected("the signature is not a JWS without payload, header..signature");
        }
        try {
            var header = JWSHeader.parse(new Base64URL(parts[0]));
            // Pinning the algorithm keeps a public key from being used as a secret; jku, jwk and x5u are never
            // followed.
            if (!JWSAlgorithm.RS512.equals(header.getAlgorithm())) {
                return new Rejected("the signature's algorithm is not RS512");
            }
            if (header.getCriticalParams() != null
                    && !header.getCriticalParams().isEmpty()) {
                return new Rejected("the signature has critical parameters that are not understood");
            }
            if (header.getKeyID() == null) {
                return new Rejected("the signature names no key");
            }
            return switch (keys.find(header.getKeyID())) {
                case KeyLookup.Found(var key) -> verify(webhook, header, parts, new RSASSAVerifier(key));
                case KeyLookup.Unknown() -> new Rejected("Fireblocks publishes no key of this id");
                case KeyLookup.Unavailable(var cause) -> new KeysUnavailable(cause);
            };
        } catch (ParseException | JOSEException | RuntimeException e) {
            // Nimbus throws unchecked ones, too, on some headers (JSON's null, for one); an error while checking is a
            // rejection.
            return new Rejected("the signature cannot be read");
        }
    }

    private static Verification verify(RawWebhook webhook, JWSHeader header, String[] parts, RSASSAVerifier verifier)
            throws JOSEException {
        var signature = new Base64URL(parts[2]);
        // Base64 leaves bits unused at its end; only one spelling of a signature is taken.
        if (!Base64URL.encode(signature.decode()).toString().equals(parts[2])) {
            return new Rejected("the signature is not in canonical base64url");
        }
        var signed = (parts[0] + "." + Base64URL.encode(webhook.body())).getBytes(StandardCharsets.US_ASCII);
        return verifier.verify(header, signed, signature)
                ? new Verified(new VerifiedWebhook(webhook))
                : new Rejected("the signature is not of this body");
    }
}
