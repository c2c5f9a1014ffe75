package dev.ncwrelay.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RabbitMQ as a part of the stack: its two processes, and when they are none. */
@Tag("kafka")
@Tag("brokers")
class RabbitMqInStackTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Ports ports = Ports.free(1);
    private Stack stack;

    @BeforeEach
    void create() throws IOException {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        // What other parts would run from must exist; these parts are not started here.
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));
        stack = stack();
    }

    @AfterEach
    void stop() {
        if (stack != null) {
            stack.stop();
        }
    }

    @Test
    void rabbitMq_thatIsKilled_isRestartedWithItsData_andStopsWithoutATrace() throws Exception {
        // Given
        stack.startRabbitMq();
        stack.start(Stack.RABBITMQ);
        var broker = stack.process(Stack.RABBITMQ).running().orElseThrow();
        var names = stack.process(Stack.RABBITMQ_NAMES).running().orElseThrow();

        // When
        broker.destroyForcibly();

        // Then
        await().atMost(SOON).until(() -> stack.process(Stack.RABBITMQ).hasCrashed());
        assertThat(stack().withoutRabbitMq()).isEmpty();
        stack().startRabbitMq();
        stack.start(Stack.RABBITMQ);
        var second = stack.process(Stack.RABBITMQ).running().orElseThrow();
        assertThat(second.pid()).isNotEqualTo(broker.pid());
        assertThat(stack.process(Stack.RABBITMQ_NAMES).running()).hasValue(names);

        // When
        stack.stop();

        // Then
        assertThat(second.isAlive()).isFalse();
        assertThat(names.isAlive()).isFalse();
    }

    @Test
    void portInUse_leavesRabbitMqOut_andIsAnErrorWhereItIsRequired() throws Exception {
        int port = ports.rabbitMq().distribution();
        try (var other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(other.isBound()).isTrue();

            var without = stack();

            assertThat(without.withoutRabbitMq())
                    .hasValueSatisfying(reason ->
                            assertThat(reason).contains("port " + port + ", which rabbitmq needs, is in use"));
            assertThat(without.processes())
                    .extracting(process -> process.component().name())
                    .contains(Stack.CHANNEL)
                    .doesNotContain(Stack.RABBITMQ, Stack.RABBITMQ_NAMES);
            assertThatThrownBy(without::requireRabbitMq)
                    .isInstanceOf(StackFailedException.class)
                    .hasMessageStartingWith("RabbitMQ cannot be part of the stack: port " + port);
        }
    }

    @Test
    void servicesOfRabbitMq_haveItsAddressOnlyWhereItIsAPart() {
        var with = stack.process(Stack.DELIVERY).component().environment();
        var without = new Stack(new Workspace(folder), new RunFolder(folder), ports)
                .process(Stack.DELIVERY)
                .component()
                .environment();

        assertThat(with)
                .containsEntry(
                        "RELAY_DELIVERY_CHANNEL_RABBITMQ_URL",
                        "amqp://127.0.0.1:" + ports.rabbitMq().amqp());
        assertThat(without).doesNotContainKey("RELAY_DELIVERY_CHANNEL_RABBITMQ_URL");
    }

    private Stack stack() {
        return Stack.withRabbitMq(new Workspace(folder), new RunFolder(folder), ports);
    }
}
