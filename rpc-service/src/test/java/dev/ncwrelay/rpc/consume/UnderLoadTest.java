package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
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

    /** More of them take longer and prove more: {@code -Drelay.rpc.restarts=20}. */
    private static final int RESTARTS = Integer.getInteger("relay.rpc.restarts", 2);

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

    /** On a machine that is busy: every now and then an instance does not run for a while. */
    @Test
    void instancesRestartedOneByOneUnderLoad_answerEverything() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(fireblocks, log, seed, Duration.ofSeconds(4));
        var all = new ArrayList<InstanceProcess>();
        var instances = new ArrayDeque<InstanceProcess>();
        try {
            for (int i = 0; i < 2; i++) {
                instances.add(begin(all));
                instances.getLast().awaitReady();
            }
            for (int restarts = 0; restarts < RESTARTS; restarts++) {
                load.send(300, PATIENCE);
                instances.add(begin(all));
                instances.getLast().awaitReady();
                load.send(300, PATIENCE);
                var leaving = instances.removeFirst();
                var pausing = pauses(random.nextBoolean() ? leaving : instances.getFirst(), random);
                leaving.stop();
                pausing.join();
            }
            load.send(300, PATIENCE);
            log.awaitReplies(load.requests());
        } finally {
            all.forEach(InstanceProcess::close);
        }

        boolean isGood = load.outcomes().keySet().equals(Set.of(RpcOutcome.ANSWERED));
        for (var instance : all) {
            instance.handOvers().stream()
                    .filter(line -> !isGood || !line.contains("replied"))
                    .forEach(System.out::println);
        }
        assertThat(load.outcomes().keySet()).containsExactly(RpcOutcome.ANSWERED);
        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
    }

    private InstanceProcess begin(List<InstanceProcess> all) throws IOException {
        var instance = InstanceProcess.begin(fireblocks, folder);
        all.add(instance);
        return instance;
    }

    /** Pauses shorter than a session, from now on and while the instance stops. */
    private static Thread pauses(InstanceProcess instance, Random random) {
        var lengths = random.longs(3, 0, 2_500).mapToObj(Duration::ofMillis).toList();
        return Thread.ofVirtual().start(() -> {
            for (var length : lengths) {
                try {
                    instance.pause(length);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
        });
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
