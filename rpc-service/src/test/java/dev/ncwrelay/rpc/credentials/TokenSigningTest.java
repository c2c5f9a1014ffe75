package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.request.InvokeBody;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.RequestSigner;
import dev.ncwrelay.rsa.RsaProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests signed by a token that does not give its key out. */
class TokenSigningTest {

    private static final String PREFIX = "relay.rpc.fireblocks.users[1]";

    @TempDir
    private static Path folder;

    private static @Nullable SoftHsm created;
    private static @Nullable String wrongPin;

    @BeforeAll
    static void makeToken() {
        var token = SoftHsm.inNewToken(folder);
        token.generateKey("signer", "RSA", 2048);
        token.generateKey("ec", "EC", 256);
        created = token;
        // Before any other: a process that has logged in is not asked again.
        wrongPin = failure("9999", "signer").getMessage();
    }

    @Test
    void request_isSignedByTheToken_whicheverImplementationSignsOthers() throws Exception {
        var credentials = Credentials.of(PREFIX, user(SoftHsm.PIN, "signer"));
        var signer =
                new RequestSigner(Duration.ofSeconds(30), Clock.systemUTC(), UUID::randomUUID, RsaProvider.fastest());

        var header = signer.sign(credentials, "/v1/any", body(), Duration.ofMinutes(1))
                .authorizationHeader();

        assertThat(credentials.signingKey())
                .isInstanceOf(SigningKey.InStore.class)
                .hasToString("InStore[***]");
        var token = SignedJWT.parse(header.substring("Bearer ".length()));
        assertThat(token.verify(new RSASSAVerifier(published()))).isTrue();
    }

    @Test
    void keyThatCannotSign_stopsTheStart_withItsSetting() {
        assertThat(failure(SoftHsm.PIN, "missing")).hasMessageContaining(PREFIX + ".key-store.alias names no");
        assertThat(failure(SoftHsm.PIN, "ec"))
                .hasMessageContaining(PREFIX + ".key-store.alias names a key that is not of RSA");
        assertThat(wrongPin)
                .contains(PREFIX + ".key-store.pkcs11-config", "CKR_PIN_INCORRECT")
                .doesNotContain("9999");
    }

    private static WrongCredentialsException failure(String pin, String alias) {
        return catchThrowableOfType(WrongCredentialsException.class, () -> Credentials.of(PREFIX, user(pin, alias)));
    }

    private static UserSettings user(String pin, String alias) {
        var store = new KeyStoreSettings(null, null, config(), StorePassword.of(pin), null, alias, 2);
        return new UserSettings(ApiKey.of("key"), null, null, null, store);
    }

    private static RSAPublicKey published() throws Exception {
        var store =
                KeyStore.getInstance("PKCS11", Security.getProvider("SunPKCS11").configure(config()));
        store.load(null, SoftHsm.PIN.toCharArray());
        return (RSAPublicKey) store.getCertificate("signer").getPublicKey();
    }

    private static String config() {
        var token = created;
        return token == null ? "" : token.config();
    }

    private static InvokeBody body() {
        var record = RpcRequest.newBuilder()
                .setRequestId("r")
                .setDeviceId("d")
                .setWalletId("w")
                .setPayload(ByteBuffer.wrap(new byte[] {'{', '}'}))
                .setCreatedAt(Instant.EPOCH)
                .setDeadline(Instant.EPOCH)
                .build();
        return ((InvokeRequest.Check.Valid) InvokeRequest.check(record))
                .request()
                .body();
    }
}
