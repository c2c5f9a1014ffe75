package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AccountsTest {

    private static final String PREFIX = "relay.rpc.fireblocks.";

    @TempDir
    private Path folder;

    @Test
    void users_areConfiguredWithAndWithoutAnIndex() {
        var accounts = accounts(Map.of(
                "api-key",
                "first",
                "private-key-file",
                TestKeys.path("pkcs8.pem"),
                "users[0].api-key",
                "second",
                "users[0].private-key-file",
                TestKeys.path("pkcs1.pem"),
                "tenants.acme.users[0].api-key",
                "third",
                "tenants.acme.users[0].private-key-file",
                TestKeys.path("pkcs8.pem")));

        assertThat(accounts.of(null)).extracting(ApiUser::name).containsExactly("default", "users[0]");
        assertThat(accounts.of("acme")).extracting(ApiUser::name).containsExactly("tenants.acme.users[0]");
        assertThat(accounts.of("other")).isEmpty();
        assertThat(accounts.all()).hasSize(3);
        assertThat(accounts.of("acme").getFirst().credentials().apiKey().reveal())
                .isEqualTo("third");
    }

    @Test
    void unusableUser_isNamedWithItsIndex() {
        assertThatThrownBy(() -> accounts(Map.of(
                        "users[0].api-key",
                        "a",
                        "users[0].private-key-file",
                        TestKeys.path("pkcs8.pem"),
                        "users[1].api-key",
                        "b",
                        "users[1].private-key-file",
                        TestKeys.path("ec.pem"))))
                .hasMessageContaining(PREFIX + "users[1].private-key-file", "not of RSA");
        assertThatThrownBy(() -> accounts(Map.of("tenants.acme.users[0].api-key", "a")))
                .hasMessageContaining(PREFIX + "tenants.acme.users[0].private-key")
                .extracting(failure -> ((WrongCredentialsException) failure).action())
                .asString()
                .contains("RELAY_RPC_FIREBLOCKS_TENANTS_ACME_USERS_0_PRIVATE_KEY_FILE");
    }

    @Test
    void noUser_isRejected() {
        assertThatThrownBy(() -> accounts(Map.of())).hasMessageContaining(PREFIX + "api-key");
    }

    @Test
    void changedKeyFile_isReloaded() throws Exception {
        // Given
        var apiKey = Files.writeString(folder.resolve("api-key"), "before");
        var user = userWith(apiKey);
        user.reload();
        assertThat(user.credentials().apiKey().reveal()).isEqualTo("before");
        assertThat(user.credentialVersion()).isZero();

        // When
        Files.writeString(apiKey, "afterwards");
        user.reload();

        // Then
        assertThat(user.credentials().apiKey().reveal()).isEqualTo("afterwards");
        assertThat(user.credentialVersion()).isEqualTo(1);
    }

    @Test
    void unreadableKeyFile_keepsThePreviousKeyUntilItIsCorrected() throws Exception {
        var apiKey = Files.writeString(folder.resolve("api-key"), "before");
        var user = userWith(apiKey);

        Files.delete(apiKey);
        user.reload();
        assertThat(user.credentials().apiKey().reveal()).isEqualTo("before");

        Files.writeString(apiKey, "put right");
        user.reload();
        assertThat(user.credentials().apiKey().reveal()).isEqualTo("put right");
    }

    /** Any failure of a reload is temporary. */
    @Test
    void failedReload_isRetried() throws Exception {
        // Given
        var apiKey = Files.writeString(folder.resolve("api-key"), "0");
        var configured = new UserSettings(null, apiKey.toString(), null, TestKeys.path("pkcs8.pem"));
        var credentials = Credentials.of(PREFIX, configured);
        var reads = new AtomicInteger();
        var user = new ApiUser("user", new KeyFiles(configured), () -> {
            if (reads.getAndIncrement() == 1) {
                throw new IllegalStateException("injected");
            }
            return credentials;
        });

        // When
        Files.writeString(apiKey, "changed once");
        try (var _ = new CredentialsReloader(List.of(user), Duration.ofMillis(1))) {
            await().untilAsserted(() -> {
                // Then
                assertThat(user.credentialVersion()).isPositive();
            });
        }
        assertThat(reads).hasValue(3);
    }

    private ApiUser userWith(Path apiKey) throws IOException {
        return accounts(Map.of("api-key-file", apiKey.toString(), "private-key-file", TestKeys.path("pkcs8.pem")))
                .all()
                .getFirst();
    }

    private static Accounts accounts(Map<String, String> settings) {
        var prefixed = new HashMap<String, String>();
        settings.forEach((key, value) -> prefixed.put(PREFIX + key, value));
        var bound = new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("relay.rpc.fireblocks", FireblocksSettings.class);
        return Accounts.read(bound);
    }
}
