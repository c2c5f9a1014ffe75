package dev.ncwrelay.testkit.keys;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A set of signing keys of which one signs and all that are not withdrawn are published. Key ids are never used twice,
 * not even by another process, so that a verifier's cache cannot mistake one key for another. The first key is made
 * when it is first needed.
 */
public final class SigningKeys {
    private final String name;
    private final RsaAlgorithm algorithm;
    private final Function<String, SigningKey> maker;
    private final List<SigningKey> published = new ArrayList<>();
    private @Nullable SigningKey current;

    private SigningKeys(String name, RsaAlgorithm algorithm, Function<String, SigningKey> maker) {
        this.name = name;
        this.algorithm = algorithm;
        this.maker = maker;
    }

    /** Keys whose ids start with {@code name}, of the size that identity providers have. */
    public static SigningKeys named(String name, RsaAlgorithm algorithm) {
        return new SigningKeys(name, algorithm, SigningKey::generate);
    }

    /** Keys whose ids start with {@code name}, of the size that Fireblocks has. */
    public static SigningKeys ofFireblocks(String name, RsaAlgorithm algorithm) {
        return new SigningKeys(name, algorithm, SigningKey::ofFireblocksSize);
    }

    public RsaAlgorithm algorithm() {
        return algorithm;
    }

    /** The key that signs. */
    public synchronized SigningKey current() {
        var key = current;
        return key == null ? rotate() : key;
    }

    /** Signs with a new key from now on; the previous keys stay published. */
    public synchronized SigningKey rotate() {
        var key = maker.apply(name + "-" + UUID.randomUUID().toString().substring(0, 8));
        published.add(key);
        current = key;
        return key;
    }

    /** Removes a key from the published set. The current key continues to sign, as an unknown key. */
    public synchronized void withdraw(String kid) {
        if (!published.removeIf(key -> key.kid().equals(kid))) {
            throw new IllegalArgumentException("no key " + kid + " is published, only " + published);
        }
    }

    /** The published keys, oldest first. */
    public synchronized List<SigningKey> published() {
        if (current == null) {
            rotate();
        }
        return List.copyOf(published);
    }

    /** The published keys as a JWK set (RFC 7517 section 5), with the members that Fireblocks documents. */
    public String jwks() {
        var keys = published().stream().map(this::jwk).toList();
        return JsonMapper.shared().writeValueAsString(Map.of("keys", keys));
    }

    private Map<String, String> jwk(SigningKey key) {
        var jwk = new LinkedHashMap<String, String>();
        jwk.put("kty", "RSA");
        jwk.put("kid", key.kid());
        jwk.put("use", "sig");
        jwk.put("alg", algorithm.name());
        jwk.put("n", Base64Url.encode(key.publicKey().getModulus()));
        jwk.put("e", Base64Url.encode(key.publicKey().getPublicExponent()));
        return jwk;
    }
}
