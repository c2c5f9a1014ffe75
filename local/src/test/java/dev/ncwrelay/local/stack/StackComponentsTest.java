package dev.ncwrelay.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackComponentsTest {

    @TempDir
    private Path folder;

    @Test
    void pushMessages_goToTheSimulator_withTheAccountThatItMakes() throws IOException {
        // What parts would run from must exist; none is started here.
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));
        var ports = Ports.standard();
        var run = new RunFolder(folder);

        var stack = new Stack(new Workspace(folder), run, ports);

        assertThat(stack.process(Stack.SIMULATOR).component().command())
                .contains("--fcm-port=8091", "--credentials=" + run.secrets());
        assertThat(stack.process(Stack.CHANNEL).component().environment())
                .containsEntry("RELAY_CHANNEL_FCM_ENABLED", "true")
                .containsEntry("RELAY_CHANNEL_FCM_ENDPOINT", "http://127.0.0.1:8091")
                .containsEntry(
                        "RELAY_CHANNEL_FCM_CREDENTIALS_FILE",
                        run.secrets().resolve("fcm.json").toString());
        assertThat(stack.process(Stack.DELIVERY).component().environment())
                .containsEntry("RELAY_DELIVERY_CHANNEL_FCM_ENABLED", "true")
                .containsEntry("RELAY_DELIVERY_DEMO_API_ENABLED", "true");
    }

    @Test
    void page_isServedByTheSimulator_andItsOriginPermitted() throws IOException {
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));

        var stack = new Stack(new Workspace(folder), new RunFolder(folder), Ports.standard());

        assertThat(stack.process(Stack.SIMULATOR).component().command())
                .contains(
                        "--delivery=http://127.0.0.1:8080",
                        "--kafka=127.0.0.1:9092",
                        "--registry=http://127.0.0.1:8085");
        assertThat(stack.process(Stack.DELIVERY).component().environment())
                .containsEntry(
                        "RELAY_DELIVERY_AUTH_ALLOWED_ORIGINS",
                        "http://127.0.0.1:8090,http://localhost:8090,http://localhost:5173");
    }
}
