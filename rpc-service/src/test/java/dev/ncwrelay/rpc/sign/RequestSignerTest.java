package dev.ncwrelay.rpc.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.credentials.ApiKey;
import dev.ncwrelay.rpc.credentials.Credentials;
import dev.ncwrelay.rpc.credentials.PrivateKeyPem;
import dev.ncwrelay.rpc.credentials.SigningKey;
import dev.ncwrelay.rpc.credentials.SigningSessions;
import dev.ncwrelay.rpc.credentials.TestKeys;
import dev.ncwrelay.rpc.credentials.UserSettings;
import dev.ncwrelay.rpc.request.InvokeBody;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rsa.RsaProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RequestSignerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00.789Z"), ZoneOffset.UTC);
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PATH = "/v1/ncw/wallets/w/devices/d/invoke";

    private final Credentials credentials = Credentials.of(
            "relay.rpc.fireblocks",
            new UserSettings(ApiKey.of("api-key"), null, PrivateKeyPem.of(TestKeys.read("pkcs8.pem")), null));

    /** RSASSA-PKCS1-v1_5 is deterministic, so the token must equal that of another program. */
    @Test
    void sign_makesTheSameTokenAsOpenssl() throws Exception {
        var signer = new RequestSigner(
                LIFETIME, CLOCK, () -> UUID.fromString("9f1b4c1e-4a0e-4a53-8b9a-0d7f3f6f5a11"), rsa());

        var signed = signer.sign(credentials, PATH, body(), LIMIT);

        assertThat(signed.authorizationHeader()).isEqualTo("Bearer " + TestKeys.read("token.txt"));
        assertThat(signed.apiKeyHeader()).isEqualTo("api-key");
    }

    @Test
    void sign_usesANewNonceEachTime() throws Exception {
        var signer = new RequestSigner(LIFETIME, CLOCK, UUID::randomUUID, rsa());

        assertThat(signer.sign(credentials, PATH, body(), LIMIT).authorizationHeader())
                .isNotEqualTo(signer.sign(credentials, PATH, body(), LIMIT).authorizationHeader());
    }

    /** The JDK's provider for PKCS#11 reports a token's errors so. */
    @Test
    void keyThatCannotSign_isASigningFailure() {
        var key = ((SigningKey.InMemory) credentials.signingKey()).key();
        var inStore = new Credentials(
                credentials.apiKey(), new SigningKey.InStore(key, new FailingToken(), new SigningSessions(1)));
        var signer = new RequestSigner(LIFETIME, CLOCK, UUID::randomUUID, rsa());

        assertThatThrownBy(() -> signer.sign(inStore, PATH, body(), LIMIT))
                .isInstanceOf(SigningFailedException.class)
                .hasMessage("the key cannot sign: ProviderException");
    }

    /** As a network HSM may; other API users have sessions of their own. */
    @Test
    void tokenThatHangs_isASigningFailure_andSignsAgainWhenItIsBack() throws Exception {
        // Given
        var key = ((SigningKey.InMemory) credentials.signingKey()).key();
        var provider = Signature.getInstance("SHA256withRSA").getProvider();
        var inStore =
                new Credentials(credentials.apiKey(), new SigningKey.InStore(key, provider, new SigningSessions(1)));
        var hangs = new CountDownLatch(1);
        var signer = new RequestSigner(
                LIFETIME,
                CLOCK,
                () -> {
                    awaitUninterruptibly(hangs);
                    return UUID.randomUUID();
                },
                rsa());

        // When
        assertThatThrownBy(() -> signer.sign(inStore, PATH, body(), Duration.ofMillis(20)))
                .isInstanceOf(SigningFailedException.class)
                .hasMessage("the key cannot sign: no signature within 20 ms");
        hangs.countDown();

        // Then
        assertThat(signer.sign(inStore, PATH, body(), LIMIT).authorizationHeader())
                .startsWith("Bearer ");
    }

    @Test
    void toString_omitsTheToken() throws Exception {
        var signed = new RequestSigner(LIFETIME, CLOCK, UUID::randomUUID, rsa()).sign(credentials, PATH, body(), LIMIT);

        assertThat(signed.toString()).isEqualTo("SignedRequest[" + PATH + "]");
    }

    /** The implementation of RSA; all tests hold for each. */
    RsaProvider rsa() {
        return RsaProvider.ofJdk();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // As a native call, it is not interrupted.
            }
        }
    }

    private static InvokeBody body() {
        var record = RpcRequest.newBuilder()
                .setRequestId("r")
                .setDeviceId("d")
                .setWalletId("w")
                .setPayload(ByteBuffer.wrap("Grüße {\"method\":\"get_all_keys\"}".getBytes(StandardCharsets.UTF_8)))
                .setCreatedAt(CLOCK.instant())
                .setDeadline(CLOCK.instant())
                .build();
        return ((InvokeRequest.Check.Valid) InvokeRequest.check(record))
                .request()
                .body();
    }
}
