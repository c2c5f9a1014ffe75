package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Signs bodies as Fireblocks' page on validating webhooks describes.
 *
 * @param jwsKey supplies the current key
 * @param legacyKey the static key
 */
record WebhookSigner(SignatureMode mode, Supplier<SigningKey> jwsKey, Supplier<SigningKey> legacyKey) {
    static final String JWS_HEADER = "Fireblocks-Webhook-Signature";
    static final String LEGACY_HEADER = "Fireblocks-Signature";

    /** The signature headers for exactly these bytes. */
    Map<String, String> sign(byte[] body) {
        var headers = new LinkedHashMap<String, String>();
        if (mode != SignatureMode.LEGACY) {
            headers.put(JWS_HEADER, Jws.detached(jwsKey.get(), RsaAlgorithm.RS512, body));
        }
        if (mode != SignatureMode.JWS) {
            var signature = legacyKey.get().sign(RsaAlgorithm.RS512, body);
            headers.put(LEGACY_HEADER, Base64.getEncoder().encodeToString(signature));
        }
        return headers;
    }
}
