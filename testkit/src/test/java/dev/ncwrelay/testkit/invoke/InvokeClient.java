package dev.ncwrelay.testkit.invoke;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ncwrelay.testkit.http.Bytes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** Calls the invoke RPC as Fireblocks documents it, signing with Nimbus; each part can be spoilt. */
public final class InvokeClient {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final ApiUser user;

    public InvokeClient(URI server, ApiUser user) {
        this.server = server;
        this.user = user;
    }

    public HttpResponse<byte[]> call(String wallet, String device, String payload) throws Exception {
        return http.send(request(wallet, device, payload), BodyHandlers.ofByteArray());
    }

    public CompletableFuture<HttpResponse<byte[]>> callAsync(String wallet, String device, String payload) {
        return http.sendAsync(request(wallet, device, payload), BodyHandlers.ofByteArray());
    }

    /** A call whose token has changed claims. */
    public HttpResponse<byte[]> callWith(Consumer<JWTClaimsSet.Builder> change) throws Exception {
        return send(
                body("{}"),
                claims -> change.accept(claims),
                JWSAlgorithm.RS256,
                user.key().privateKey());
    }

    /** A call signed by another key. */
    public HttpResponse<byte[]> callSignedBy(PrivateKey key) throws Exception {
        return send(body("{}"), claims -> {}, JWSAlgorithm.RS256, key);
    }

    /** A call signed by another algorithm. */
    public HttpResponse<byte[]> callSignedAs(JWSAlgorithm algorithm) throws Exception {
        return send(body("{}"), claims -> {}, algorithm, user.key().privateKey());
    }

    /** A call with any body, signed properly. */
    public HttpResponse<byte[]> callWithBody(byte[] body) throws Exception {
        return send(body, claims -> {}, JWSAlgorithm.RS256, user.key().privateKey());
    }

    /** A call with changed headers. */
    public HttpResponse<byte[]> callWithHeaders(UnaryOperator<HttpRequest.Builder> change) throws Exception {
        var request = change.apply(HttpRequest.newBuilder(request("w-1", "d-1", "{}"), (name, value) -> true));
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    public HttpRequest request(String wallet, String device, String payload) {
        return request(
                path(wallet, device),
                body(payload),
                claims -> {},
                JWSAlgorithm.RS256,
                user.key().privateKey());
    }

    private HttpResponse<byte[]> send(
            byte[] body, Consumer<JWTClaimsSet.Builder> change, JWSAlgorithm algorithm, PrivateKey key)
            throws Exception {
        return http.send(request(path("w-1", "d-1"), body, change, algorithm, key), BodyHandlers.ofByteArray());
    }

    private HttpRequest request(
            String path, byte[] body, Consumer<JWTClaimsSet.Builder> change, JWSAlgorithm algorithm, PrivateKey key) {
        var now = Instant.now().getEpochSecond();
        var claims = new JWTClaimsSet.Builder()
                .subject(user.apiKey())
                .claim("uri", path)
                .claim("nonce", UUID.randomUUID().toString())
                .claim("iat", now)
                .claim("exp", now + 30)
                .claim("bodyHash", Bytes.of(body).sha256());
        change.accept(claims);
        return HttpRequest.newBuilder(server.resolve(path))
                .header("X-API-Key", user.apiKey())
                .header("Authorization", "Bearer " + sign(claims.build(), algorithm, key))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, PrivateKey key) {
        try {
            var token = new SignedJWT(new JWSHeader(algorithm), claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String path(String wallet, String device) {
        return "/v1/ncw/wallets/" + wallet + "/devices/" + device + "/invoke";
    }

    private static byte[] body(String payload) {
        return JsonMapper.shared()
                .writeValueAsString(Map.of("payload", payload))
                .getBytes(StandardCharsets.UTF_8);
    }
}
