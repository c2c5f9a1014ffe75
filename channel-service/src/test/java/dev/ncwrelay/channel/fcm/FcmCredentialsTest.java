package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.testkit.fcm.FakeFcm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FcmCredentialsTest {

    @TempDir
    private static Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"type\":\"service_account\"}", "{\"type\":\"authorized_user\"}", "no JSON"})
    void fileThatIsNoServiceAccounts_isRefused_withoutItsContent(String content) throws Exception {
        var file = Files.writeString(folder.resolve("wrong.json"), content);

        assertThatThrownBy(() -> FcmCredentials.load(file, new FcmTransport(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("relay.channel.fcm.credentials-file")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/token", "file:/token", "token", "http:/token"})
    void tokenUriThatIsNoHttpAddress_isRefused(String uri) throws Exception {
        String content;
        try (var fcm = FakeFcm.start()) {
            content = fcm.credentials().replace(fcm.url() + "/token", uri);
        }
        var file = Files.writeString(folder.resolve("token-uri.json"), content);

        assertThatThrownBy(() -> FcmCredentials.load(file, new FcmTransport(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("relay.channel.fcm.credentials-file")
                .hasMessageContaining("token_uri");
    }

    @Test
    void missingFile_isRefused() {
        assertThatThrownBy(() -> FcmCredentials.load(folder.resolve("missing"), new FcmTransport(null)))
                .hasMessageStartingWith("relay.channel.fcm.credentials-file")
                .hasMessageContaining("NoSuchFileException");
    }
}
