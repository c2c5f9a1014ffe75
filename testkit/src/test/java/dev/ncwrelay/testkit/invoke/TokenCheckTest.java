package dev.ncwrelay.testkit.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Each thing that can be wrong with a signed request, over HTTP. */
final class TokenCheckTest {
    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();

    private final InvokeClient client = new InvokeClient(FIREBLOCKS.url(), FIREBLOCKS.apiUser());

    @BeforeEach
    void forget() {
        FIREBLOCKS.invoke().forget();
    }

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    @Test
    void properCall_isAccepted() throws Exception {
        assertThat(client.callWith(claims -> {}).statusCode()).isEqualTo(200);
        assertThat(FIREBLOCKS.invoke().calls()).hasSize(1);
        assertThat(FIREBLOCKS.invoke().refusals()).isEmpty();
    }

    @Test
    void longestLifetimeOfOfficialSdks_isAccepted() throws Exception {
        var now = Instant.now().getEpochSecond();

        var response = client.callWith(claims -> claims.claim("iat", now).claim("exp", now + 55));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void missingToken_isRefused() throws Exception {
        assertRefused(client.callWithHeaders(request -> request.setHeader("Authorization", "Basic eDp5")), -3);
    }

    @Test
    void invalidToken_isRefused() throws Exception {
        assertRefused(client.callWithHeaders(request -> request.setHeader("Authorization", "Bearer a.b")), -5);
        assertRefused(client.callWithHeaders(request -> request.setHeader("Authorization", "Bearer a.b.c")), -5);
        assertRefused(client.callWithHeaders(request -> request.setHeader("Authorization", "Bearer !.?.#")), -5);
    }

    @Test
    void otherAlgorithm_isRefused() throws Exception {
        assertRefused(client.callSignedAs(JWSAlgorithm.RS512), -5);
    }

    @Test
    void missingSubject_isRefused() throws Exception {
        assertRefused(client.callWith(claims -> claims.subject(null)), -2);
    }

    @Test
    void otherSubject_isRefused() throws Exception {
        assertRefused(client.callWith(claims -> claims.subject("someone-else")), -6);
    }

    @Test
    void unknownApiKey_isRefused() throws Exception {
        assertRefused(client.callWithHeaders(request -> request.setHeader("X-API-Key", "unknown")), -6);
    }

    @Test
    void otherKey_isRefused() throws Exception {
        assertRefused(client.callSignedBy(SigningKey.generate("other").privateKey()), -1);
    }

    @Test
    void otherUri_isRefused() throws Exception {
        assertRefused(client.callWith(claims -> claims.claim("uri", "/ncw/wallets/w-1/devices/d-1/invoke")), -4);
        assertRefused(client.callWith(claims -> claims.claim("uri", null)), -4);
    }

    @Test
    void otherBodyHash_isRefused() throws Exception {
        var emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        assertRefused(client.callWith(claims -> claims.claim("bodyHash", emptyHash)), -7);
        assertRefused(client.callWith(claims -> claims.claim("bodyHash", null)), -7);
    }

    @Test
    void tokenFromTheFuture_isRefused() throws Exception {
        var later = Instant.now().getEpochSecond() + 60;

        var response = client.callWith(claims -> claims.claim("iat", later).claim("exp", later + 30));

        assertRefused(response, -12);
        assertThat(JsonMapper.shared().readTree(response.body()).path("message").asString())
                .isEqualTo("The request is with a future issuance timestamp (iat).");
    }

    @Test
    void expiredToken_isRefused() throws Exception {
        var earlier = Instant.now().getEpochSecond() - 60;

        assertRefused(client.callWith(claims -> claims.claim("iat", earlier).claim("exp", earlier + 30)), -10);
    }

    @Test
    void tooLongALifetime_isRefused() throws Exception {
        var now = Instant.now().getEpochSecond();

        assertRefused(client.callWith(claims -> claims.claim("iat", now).claim("exp", now + 56)), -7);
    }

    @Test
    void invalidTimes_areRefused() throws Exception {
        assertRefused(client.callWith(claims -> claims.claim("iat", "yesterday")), -5);
        assertRefused(client.callWith(claims -> claims.claim("exp", null)), -5);
    }

    @Test
    void secondUseOfANonce_isRefused() throws Exception {
        var nonce = UUID.randomUUID().toString();

        var first = client.callWith(claims -> claims.claim("nonce", nonce));
        var second = client.callWith(claims -> claims.claim("nonce", nonce));

        assertThat(first.statusCode()).isEqualTo(200);
        assertRefused(second, -7);
    }

    @Test
    void missingNonce_isRefused() throws Exception {
        assertRefused(client.callWith(claims -> claims.claim("nonce", null)), -7);
    }

    @Test
    void admin_mayNotInvoke() throws Exception {
        var admin = ApiUser.generate(ApiRole.NCW_ADMIN);
        FIREBLOCKS.invoke().register(admin.registered());

        assertRefused(new InvokeClient(FIREBLOCKS.url(), admin).callWith(claims -> {}), -8);
    }

    @Test
    void severalUsers_areEachAccepted() throws Exception {
        var other = ApiUser.generate(ApiRole.NCW_SIGNER);
        FIREBLOCKS.invoke().register(other.registered());

        var response = new InvokeClient(FIREBLOCKS.url(), other).call("w-1", "d-1", "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(FIREBLOCKS.invoke().calls().getLast().apiKey()).isEqualTo(other.apiKey());
    }

    private static void assertRefused(HttpResponse<byte[]> response, int code) {
        var body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(401);
        assertThat(JsonMapper.shared().readTree(body).path("code").asInt()).isEqualTo(code);
        assertThat(FIREBLOCKS.invoke().refusals().getLast().code()).isEqualTo(code);
    }
}
