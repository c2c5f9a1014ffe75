package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What instances promise, each a process of its own, with thousands of requests under way. */
@Tag("kafka")
class UnderLoadTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int HELD = 2_000;
    private static final Duration HOLD = Duration.ofSeconds(20);
    private static final int ROUNDS = 50;

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final RequestLog log = new RequestLog(SharedStack.get().connection());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        log.close();
        fireblocks.close();
    }

    /** Prints how long fast calls took before and meanwhile; that they take no longer is for the benchmarks to judge. */
    @Test
    void fastCall_isAnsweredWhileTwoThousandOthersAreHeld() throws Exception {
        var device = UUID.randomUUID().toString();
        var held = new AtomicInteger();
        fireblocks.invoke().onMethod("poll_mpc_msg", call -> {
            held.incrementAndGet();
            return InvokeAnswer.echo(call.payload()).heldFor(HOLD);
        });
        try (var _ = InstanceProcess.start(fireblocks, folder)) {
            // Given
            fastCalls(device);
            var before = fastCalls(device);
            var deadline = Instant.now().plus(PATIENCE);
            var polls = IntStream.range(0, HELD)
                    .mapToObj(i -> log.send(device + "-" + i % 400, "{\"method\":\"poll_mpc_msg\"}", deadline))
                    .toList();
            // Of so many connections at once the network may refuse one; a poll is then made again.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(held).hasValueGreaterThanOrEqualTo(HELD));

            // When
            var meanwhile = fastCalls(device);

            // Then
            assertThat(polls).allSatisfy(poll -> assertThat(log.replies(poll)).isEmpty());
            System.out.printf(
                    "rpc under load: fast call median %.1f ms alone, %.1f ms beside %d held calls%n",
                    before, meanwhile, HELD);
            log.awaitReplies(polls);
            assertThat(polls)
                    .allSatisfy(poll ->
                            assertThat(log.reply(poll).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
        }
    }

    @Test
    void instanceKilledUnderLoad_losesNothingAndRepeatsOnlyWhatMayBeRepeated() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(fireblocks, log, seed, Duration.ofMillis(400));
        var instance = InstanceProcess.start(fireblocks, folder);
        try {
            for (int kills = 0; kills < 3; kills++) {
                load.send(1_250, PATIENCE);
                // At any moment: while requests are read, called, replied to or committed.
                LockSupport.parkNanos(random.nextLong(1_000_000_000));
                instance.kill();
                instance = InstanceProcess.begin(fireblocks, folder);
                instance.awaitReady();
            }
            load.send(1_250, PATIENCE);
            log.awaitReplies(load.requests());
        } finally {
            instance.close();
        }

        System.out.println("rpc under load: outcomes after three kills " + load.outcomes());
        assertThat(load.outcomes().keySet()).isSubsetOf(RpcOutcome.ANSWERED, RpcOutcome.AMBIGUOUS, RpcOutcome.EXPIRED);
        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
    }

    @Test
    void instancesRestartedOneByOneUnderLoad_answerEverything() throws Exception {
        var load = new MixedLoad(fireblocks, log, 7, Duration.ofMillis(400));
        var instances = new ArrayList<>(
                List.of(InstanceProcess.start(fireblocks, folder), InstanceProcess.start(fireblocks, folder)));
        try {
            for (int restarts = 0; restarts < 2; restarts++) {
                load.send(700, PATIENCE);
                instances.removeFirst().stop();
                load.send(700, PATIENCE);
                instances.add(InstanceProcess.start(fireblocks, folder));
            }
            load.send(700, PATIENCE);
            log.awaitReplies(load.requests());
        } finally {
            instances.forEach(InstanceProcess::close);
        }

        assertThat(load.outcomes().keySet()).containsExactly(RpcOutcome.ANSWERED);
        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
    }

    /** The median of calls made one after the other, in milliseconds. */
    private double fastCalls(String device) {
        return IntStream.range(0, ROUNDS)
                        .mapToLong(i -> {
                            long began = System.nanoTime();
                            log.firstReply(log.send(device + "-" + i, "get_all_keys"))
                                    .join();
                            return System.nanoTime() - began;
                        })
                        .sorted()
                        .skip(ROUNDS / 2)
                        .findFirst()
                        .orElseThrow()
                / 1e6;
    }
}
