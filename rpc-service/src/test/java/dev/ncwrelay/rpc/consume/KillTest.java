package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that ends without a word in the middle of a call. */
@Tag("kafka")
class KillTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
            var instance =
                    InstanceProcess.begin(fireblocks, folder, "--relay.kafka.properties.session.timeout.ms=6000");
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
                instance.kill();
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
}
