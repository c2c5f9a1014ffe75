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
    void nodes_haveTheirOwnPortsAndData_andThePageKnowsAll() throws IOException {
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));
        var run = new RunFolder(folder);

        var stack = new Stack(new Workspace(folder), run, Ports.standard(3));

        // In its environment, so that another number of nodes restarts it.
        assertThat(stack.process(Stack.SIMULATOR).component().environment())
                .containsEntry(
                        "SIMULATOR_DELIVERY", "http://127.0.0.1:8080,http://127.0.0.1:8202,http://127.0.0.1:8203");
        assertThat(stack.process("delivery-service-3").component().environment())
                .containsEntry("SERVER_PORT", "8203")
                .containsEntry("MANAGEMENT_SERVER_PORT", "8303")
                .containsEntry("RELAY_DELIVERY_PEER_PORT", "8403")
                .containsEntry(
                        "RELAY_DELIVERY_MAILBOX_STATE_DIR",
                        run.data("mailbox-3").toString());
    }

    @Test
    void page_isServedByTheSimulator_andItsOriginPermitted() throws IOException {
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));

        var stack = new Stack(new Workspace(folder), new RunFolder(folder), Ports.standard());

        assertThat(stack.process(Stack.SIMULATOR).component().command())
                .contains("--kafka=127.0.0.1:9092", "--registry=http://127.0.0.1:8085");
        assertThat(stack.process(Stack.DELIVERY).component().environment())
                .containsEntry(
                        "RELAY_DELIVERY_AUTH_ALLOWED_ORIGINS",
                        "http://127.0.0.1:8090,http://localhost:8090,http://localhost:5173");
    }
}
