package dev.ncwrelay.local.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path root;

    @Test
    void make_writesFilesThatOnlyTheOwnerMayRead() throws IOException {
        var secrets = new Secrets(root.resolve("secrets"));

        secrets.makeKeysOfDelivery();
        secrets.makeApiUser();

        assertThat(permissions(secrets.folder())).isEqualTo("rwx------");
        assertThat(secrets.files()).hasSize(4).allSatisfy(file -> {
            assertThat(permissions(file)).isEqualTo("rw-------");
            assertThat(file).isNotEmptyFile();
        });
    }

    @Test
    void makeApiUser_writesWhatTheSimulatorReads() throws IOException {
        var secrets = new Secrets(root);

        secrets.makeApiUser();

        assertThat(ApiUser.keptIn(root, ApiRole.NCW_SIGNER).apiKey())
                .isEqualTo(Files.readString(secrets.file(Secrets.API_KEY)).strip());
    }

    @Test
    void make_again_changesNothing() throws IOException {
        // Given
        var secrets = new Secrets(root);
        Files.writeString(secrets.file(Secrets.CURSOR_KEY), "the operator's own");
        secrets.makeKeysOfDelivery();
        secrets.makeApiUser();
        var before = contents(secrets);

        // When
        var keys = secrets.makeKeysOfDelivery();
        var user = secrets.makeApiUser();

        // Then
        assertThat(keys).isEmpty();
        assertThat(user).isEmpty();
        assertThat(contents(secrets)).isEqualTo(before).startsWith("the operator's own");
    }

    @Test
    void makeApiUser_whoseOtherFileIsMissing_isRefused() throws IOException {
        var secrets = new Secrets(root);
        Files.writeString(secrets.file(Secrets.API_KEY), "the operator's own");

        assertThatThrownBy(secrets::makeApiUser)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("secret.pem is missing");
        assertThat(secrets.file(Secrets.PRIVATE_KEY)).doesNotExist();
    }

    private static String contents(Secrets secrets) throws IOException {
        var contents = new StringBuilder();
        for (var file : secrets.files()) {
            contents.append(Files.readString(file));
        }
        return contents.toString();
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
