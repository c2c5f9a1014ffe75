package dev.ncwrelay.testkit.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.keys.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiUserTest {
    private static final ApiUser USER = ApiUser.generate(ApiRole.NCW_SIGNER);

    @TempDir
    private Path folder;

    @Test
    void writeTo_writesKeyAndSecret() throws Exception {
        USER.writeTo(folder.resolve("made/if/need/be"));

        var written = folder.resolve("made/if/need/be");
        assertThat(written.resolve("api-key")).hasContent(USER.apiKey());
        assertThat(Files.getPosixFilePermissions(written.resolve("secret.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        var read = Pem.parsePrivateKey("k", Files.readString(written.resolve("secret.pem")));
        assertThat(read.publicKey()).isEqualTo(USER.registered().publicKey());
    }

    @Test
    void keptIn_returnsTheSameUser() {
        var first = ApiUser.keptIn(folder, ApiRole.NCW_SIGNER);

        var second = ApiUser.keptIn(folder, ApiRole.NCW_SIGNER);

        assertThat(second.apiKey()).isEqualTo(first.apiKey());
        assertThat(second.key().publicKey()).isEqualTo(first.key().publicKey());
    }

    @Test
    void toString_showsNoSecret() {
        assertThat(USER).hasToString("ApiUser[NCW_SIGNER]");
        assertThat(USER.registered()).hasToString("RegisteredUser[NCW_SIGNER]");
    }
}
