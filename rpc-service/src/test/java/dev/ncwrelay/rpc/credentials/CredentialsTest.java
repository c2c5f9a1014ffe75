package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static final String PREFIX = "relay.rpc.fireblocks";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pkcs8.pem", "pkcs1.pem"})
    void of_readsBothFormsOfTheSameKey(String file) {
        var credentials = Credentials.of(PREFIX, settings("key", null, TestKeys.read(file), null));

        assertThat(modulus(credentials))
                .isEqualTo(modulus(Credentials.of(PREFIX, settings("key", null, TestKeys.read("pkcs8.pem"), null))));
    }

    private static BigInteger modulus(Credentials credentials) {
        return ((SigningKey.InMemory) credentials.signingKey()).key().getModulus();
    }

    @Test
    void of_readsFiles() throws Exception {
        var apiKey = Files.writeString(folder.resolve("api-key"), "the-key\n");

        var credentials = Credentials.of(PREFIX, settings(null, apiKey.toString(), null, TestKeys.path("pkcs1.pem")));

        assertThat(credentials.apiKey().reveal()).isEqualTo("the-key");
    }

    @ParameterizedTest
    @CsvSource({
        "pkcs8-encrypted.pem, encrypted",
        "pkcs1-encrypted.pem, encrypted",
        "public.pem, PUBLIC KEY",
        "ec.pem, not of RSA",
        "short.pem, fewer than 2048 bits",
        "token.txt, no PEM block",
    })
    void of_explainsAnUnusableKey(String file, String because) {
        var failure = failure(settings("key", null, null, TestKeys.path(file)));

        assertThat(failure).hasMessageContaining("relay.rpc.fireblocks.private-key-file", because);
        assertThat(failure.action()).contains("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void of_showsNothingOfADamagedKey() {
        var pem = TestKeys.read("pkcs8.pem");
        var damaged = pem.substring(0, pem.length() / 2) + "!" + pem.substring(pem.length() / 2);

        var failure = failure(settings("key", null, damaged, null));

        assertThat(failure)
                .hasMessage(
                        "relay.rpc.fireblocks.private-key holds a \"PRIVATE KEY\", which is damaged or not a private"
                                + " key of RSA")
                .hasNoCause();
    }

    @Test
    void of_namesTheMissingSetting() {
        var apiKey = failure(settings(" ", null, TestKeys.read("pkcs8.pem"), null));
        var privateKey = failure(settings("key", "", null, null));

        assertThat(apiKey)
                .hasMessage("neither relay.rpc.fireblocks.api-key nor relay.rpc.fireblocks.api-key-file is set");
        assertThat(apiKey.action()).contains("RELAY_RPC_FIREBLOCKS_API_KEY_FILE");
        assertThat(privateKey).hasMessageContaining("relay.rpc.fireblocks.private-key-file is set");
        assertThat(privateKey.action()).contains("RELAY_RPC_FIREBLOCKS_PRIVATE_KEY_FILE");
    }

    @Test
    void of_rejectsASecretSetTwice() {
        assertThat(failure(settings("key", "file", TestKeys.read("pkcs8.pem"), null)))
                .hasMessage("both relay.rpc.fireblocks.api-key and relay.rpc.fireblocks.api-key-file are set");
    }

    @Test
    void of_namesTheSettingOfAnUnreadableFile() throws Exception {
        var empty = Files.createFile(folder.resolve("empty")).toString();
        var binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0x30, (byte) 0x82, (byte) 0xff});

        assertThat(failure(settings("key", null, null, "no-such-file")))
                .hasMessageContaining("private-key-file names a file that cannot be read: NoSuchFileException")
                .hasMessageNotContaining("no-such-file");
        assertThat(failure(settings(null, empty, TestKeys.read("pkcs8.pem"), null)))
                .hasMessageContaining("api-key-file names an empty file");
        assertThat(failure(settings("key", null, null, binary.toString()))).hasMessageContaining("is not text");
    }

    private static WrongCredentialsException failure(UserSettings settings) {
        return catchThrowableOfType(WrongCredentialsException.class, () -> Credentials.of(PREFIX, settings));
    }

    private static UserSettings settings(
            @Nullable String apiKey, @Nullable String apiKeyFile, @Nullable String pem, @Nullable String pemFile) {
        return new UserSettings(
                apiKey == null ? null : ApiKey.of(apiKey),
                apiKeyFile,
                pem == null ? null : PrivateKeyPem.of(pem),
                pemFile);
    }
}
