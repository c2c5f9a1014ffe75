package dev.ncwrelay.testkit.keys;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Compact JSON Web Signatures (RFC 7515 section 3.1). */
public final class Jws {

    private Jws() {}

    /** A JWT (RFC 7519) with these claims. */
    public static String token(SigningKey key, RsaAlgorithm algorithm, Map<String, ?> claims) {
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", algorithm.name());
        header.put("typ", "JWT");
        header.put("kid", key.kid());
        var content = Base64Url.encode(JsonMapper.shared().writeValueAsString(header)) + "."
                + Base64Url.encode(JsonMapper.shared().writeValueAsString(claims));
        return content + "." + signature(key, algorithm, content);
    }

    /**
     * A JWS with detached content (RFC 7515 appendix F): the content is signed in its base64url form and left out of
     * the middle.
     */
    public static String detached(SigningKey key, RsaAlgorithm algorithm, byte[] content) {
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", algorithm.name());
        header.put("kid", key.kid());
        var encodedHeader = Base64Url.encode(JsonMapper.shared().writeValueAsString(header));
        return encodedHeader + ".." + signature(key, algorithm, encodedHeader + "." + Base64Url.encode(content));
    }

    private static String signature(SigningKey key, RsaAlgorithm algorithm, String content) {
        return Base64Url.encode(key.sign(algorithm, content.getBytes(StandardCharsets.US_ASCII)));
    }
}
