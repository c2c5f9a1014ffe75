package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.rpc.RpcApplication;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, which ends without a word. */
class KillTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void instanceKilledDuringACall_losesNoRequest() throws Exception {
        try (var fireblocks = FakeFireblocks.start();
                var log = new RequestLog(SharedStack.get().connection())) {
            // Given
            var device = UUID.randomUUID().toString();
            var killed = new AtomicBoolean();
            // Held each time: a loaded machine may have the first instance take the request up twice.
            fireblocks
                    .invoke()
                    .onMethod(
                            "poll_mpc_msg",
                            call -> killed.get()
                                    ? InvokeAnswer.echo(call.payload())
                                    : InvokeAnswer.result("never seen").heldFor(PATIENCE));
            var process = start(fireblocks);
            String unfinished;
            var finished = new ArrayList<String>();
            try {
                unfinished = log.send(device, "poll_mpc_msg");
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(fireblocks.invoke().callsOf(device)).isNotEmpty());
                for (int i = 0; i < 10; i++) {
                    finished.add(log.send(device, "get_all_keys"));
                }
                log.awaitReplies(finished);
            } finally {
                // SIGKILL: nothing is committed, and the group learns of it only when the session ends.
                process.destroyForcibly().waitFor();
            }
            assertThat(log.replies(unfinished)).isEmpty();
            killed.set(true);

            // When
            try (var _ = RunningService.start(fireblocks)) {

                // Then
                assertThat(log.reply(unfinished).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
            }
        }
    }

    private Process start(FakeFireblocks fireblocks) throws IOException {
        fireblocks.apiUser().writeTo(folder);
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RpcApplication.class.getName(),
                        "--server.port=0",
                        "--relay.kafka.bootstrap-servers="
                                + SharedStack.get().connection().bootstrapServers(),
                        "--relay.kafka.properties.session.timeout.ms=6000",
                        "--relay.registry.url=" + SharedStack.get().registry().url(),
                        "--relay.rpc.fireblocks.base-url=" + fireblocks.url(),
                        "--relay.rpc.fireblocks.api-key-file=" + folder.resolve("api-key"),
                        "--relay.rpc.fireblocks.private-key-file=" + folder.resolve("secret.pem")))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
    }
}
