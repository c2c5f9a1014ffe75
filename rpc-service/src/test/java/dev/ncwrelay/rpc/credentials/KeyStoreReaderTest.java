package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in a file with a key store. {@link TokenSigningTest} has a token. */
class KeyStoreReaderTest {

    private static final String PREFIX = "relay.rpc.fireblocks";
    private static final String PASSWORD = "secret-password";

    @TempDir
    private static Path folder;

    private static String store = "";

    @BeforeAll
    static void makeKeys() throws Exception {
        store = folder.resolve("keys.p12").toString();
        for (var key : List.of(
                List.of("signer", "RSA", "2048"), List.of("short", "RSA", "1024"), List.of("ec", "EC", "256"))) {
            var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            var made = new ProcessBuilder(
                            keytool.toString(),
                            "-genkeypair",
                            "-keystore",
                            store,
                            "-storepass",
                            PASSWORD,
                            "-alias",
                            key.get(0),
                            "-keyalg",
                            key.get(1),
                            "-keysize",
                            key.get(2),
                            "-dname",
                            "CN=test")
                    .redirectErrorStream(true)
                    .start();
            made.getInputStream().readAllBytes();
            assertThat(made.waitFor()).isZero();
        }
    }

    @Test
    void keyOfAFile_signsInMemory() {
        assertThat(Credentials.of(PREFIX, user(settings(store, PASSWORD, null, "signer")))
                        .signingKey())
                .isInstanceOf(SigningKey.InMemory.class);
    }

    @Test
    void password_mayBeInAFile() throws IOException {
        var file = Files.writeString(folder.resolve("password"), PASSWORD + "\n");

        assertThat(Credentials.of(PREFIX, user(settings(store, null, file.toString(), "signer")))
                        .signingKey())
                .isInstanceOf(SigningKey.InMemory.class);
    }

    @Test
    void password_keepsSpaces_andLosesLineBreaksAtItsEnd() {
        assertThat(StorePassword.of(" pass \r\n\n").reveal()).containsExactly(" pass ".toCharArray());
    }

    @Test
    void settingThatCannotBeUsed_isNamed_andNoContentIsShown() {
        assertThat(failure(settings(store, PASSWORD, null, null))).hasMessageContaining("key-store.alias is not set");
        assertThat(failure(settings(store, PASSWORD, null, "other"))).hasMessageContaining("key-store.alias names no");
        assertThat(failure(settings(store, PASSWORD, null, "short"))).hasMessageContaining("at least 2048 bits");
        assertThat(failure(settings(store, PASSWORD, null, "ec"))).hasMessageContaining("not of RSA");
        assertThat(failure(settings(null, PASSWORD, null, "signer"))).hasMessageContaining("key-store.file is not set");
        assertThat(failure(settings(store, "wrong", null, "signer")))
                .hasMessageContaining("key-store.file")
                .hasMessageNotContaining("wrong");
        assertThat(failure(settings(store + ".missing", PASSWORD, null, "signer")))
                .hasMessageContaining("key-store.file")
                .hasMessageNotContaining(store);
        assertThat(failure(settings(store, PASSWORD, "file", "signer"))).hasMessageContaining("both set");
        assertThat(failure(new KeyStoreSettings("PKCS11", null, null, null, null, "signer", 1)))
                .hasMessageContaining("key-store.pkcs11-config is not set");
        assertThat(failure(new KeyStoreSettings("unknown", store, null, null, null, "signer", 1)))
                .hasMessageContaining("key-store.file");
    }

    @Test
    void pemAndKeyStore_exclude() {
        var both =
                new UserSettings(ApiKey.of("key"), null, null, "file.pem", settings(store, PASSWORD, null, "signer"));

        assertThat(catchThrowableOfType(WrongCredentialsException.class, () -> Credentials.of(PREFIX, both)))
                .hasMessageContaining("relay.rpc.fireblocks.private-key and relay.rpc.fireblocks.key-store");
    }

    @Test
    void textForms_showNoPassword() {
        assertThat(settings(store, PASSWORD, null, "signer").toString()).doesNotContain(PASSWORD);
        assertThat(Credentials.of(PREFIX, user(settings(store, PASSWORD, null, "signer")))
                        .signingKey())
                .hasToString("InMemory[***]");
    }

    private static WrongCredentialsException failure(KeyStoreSettings settings) {
        return catchThrowableOfType(WrongCredentialsException.class, () -> Credentials.of(PREFIX, user(settings)));
    }

    @Test
    void sessions_areFrom1To256() {
        assertThatThrownBy(() -> new KeyStoreSettings(null, null, null, null, null, null, 0))
                .hasMessage("key-store.sessions must be from 1 to 256, not 0");
        assertThatThrownBy(() -> new KeyStoreSettings(null, null, null, null, null, null, 257))
                .hasMessageContaining("not 257");
    }

    private static UserSettings user(KeyStoreSettings settings) {
        return new UserSettings(ApiKey.of("key"), null, null, null, settings);
    }

    private static KeyStoreSettings settings(
            @Nullable String file, @Nullable String password, @Nullable String passwordFile, @Nullable String alias) {
        return new KeyStoreSettings(
                null, file, null, password == null ? null : StorePassword.of(password), passwordFile, alias, 1);
    }
}
