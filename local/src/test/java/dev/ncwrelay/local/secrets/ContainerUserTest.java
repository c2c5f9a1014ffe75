package dev.ncwrelay.local.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may change owners is root; for anybody else the owner stays, and .env has the id. */
class ContainerUserTest {

    @TempDir
    Path root;

    private Path secret;
    private Path environment;
    private int user;

    @BeforeEach
    void writeSecret() throws IOException {
        secret = Files.writeString(root.resolve("secret"), "secret");
        environment = root.resolve(".env");
        user = owner();
    }

    @Test
    void mayRead_makesOwnerAndContainerTheSameUser() throws IOException {
        ContainerUser.mayRead(List.of(secret), environment);

        if (user == 0) {
            assertThat(owner()).isEqualTo(ContainerUser.IMAGE_UID);
            assertThat(environment).doesNotExist();
        } else {
            assertThat(owner()).isEqualTo(user);
            assertThat(environment).hasContent("RELAY_UID=" + user);
        }
    }

    @Test
    void mayRead_again_changesNothing() throws IOException {
        Files.writeString(environment, "OTHER=1\nRELAY_UID=77");
        ContainerUser.mayRead(List.of(secret), environment);

        ContainerUser.mayRead(List.of(secret), environment);

        assertThat(environment).hasContent("OTHER=1\nRELAY_UID=77");
    }

    @Test
    void mayRead_keepsWhatTheEnvironmentFileHas() throws IOException {
        Files.writeString(environment, "OTHER=1");

        ContainerUser.mayRead(List.of(secret), environment);

        assertThat(environment).content().startsWith("OTHER=1");
    }

    private int owner() throws IOException {
        return (Integer) Files.getAttribute(secret, "unix:uid");
    }
}
