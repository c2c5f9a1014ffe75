package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
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
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What instances promise, each a process of its own, under load. {@code -Drelay.rpc.load=4} makes it four times as many
 * calls, kills and restarts, which is what the README's figures were seen with.
 */
@Tag("kafka")
class UnderLoadTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A killed instance is missed as soon as the broker allows. */
    private static final String SHORT_SESSION = "--relay.kafka.properties.session.timeout.ms=6000";

    private static final int LOAD = Integer.getInteger("relay.rpc.load", 1);
    private static final int HELD = 500 * LOAD;
    private static final int ROUNDS = 20 * LOAD;

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final RequestLog log = new RequestLog(SharedStack.get().connection());

    private final List<InstanceProcess> started = new ArrayList<>();
    private boolean succeeded;

    @TempDir
    private Path folder;

    /** Prints what each hand-over did, where not all was well. */
    @AfterEach
    void stop() throws IOException {
        log.close();
        fireblocks.close();
        if (!succeeded) {
            for (var instance : started) {
                instance.handOvers().forEach(System.out::println);
            }
            fireblocks.invoke().refusals().stream().limit(10).forEach(System.out::println);
        }
    }

    /** Prints how long fast calls took before and meanwhile; that they take no longer is for the benchmarks to judge. */
    @Test
    void fastCall_isAnsweredWhileManyOthersAreHeld() throws Exception {
        var device = UUID.randomUUID().toString();
        var gate = new CountDownLatch(1);
        var held = new AtomicInteger();
        fireblocks.invoke().onMethod("poll_mpc_msg", call -> {
            held.incrementAndGet();
            return echoAfter(gate, call.payload());
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
            gate.countDown();
            log.awaitReplies(polls);
            assertThat(polls)
                    .allSatisfy(poll ->
                            assertThat(log.reply(poll).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
            succeeded = true;
        }
    }

    @Test
    void instanceKilledUnderLoad_losesNothingAndRepeatsOnlyWhatMayBeRepeated() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(fireblocks, log, seed, Duration.ofMillis(400));
        var instance = begin(SHORT_SESSION);
        try {
            instance.awaitReady();
            for (int kills = 0; kills < LOAD; kills++) {
                load.send(500, PATIENCE);
                // At any moment: while requests are read, called, replied to or committed.
                LockSupport.parkNanos(random.nextLong(1_000_000_000));
                instance.kill();
                instance = begin(SHORT_SESSION);
                instance.awaitReady();
            }
            load.send(500, PATIENCE);
            log.awaitReplies(load.requests());
            System.out.println("rpc under load: outcomes after kills " + load.outcomes());
            assertThat(load.outcomes().keySet())
                    .isSubsetOf(RpcOutcome.ANSWERED, RpcOutcome.AMBIGUOUS, RpcOutcome.EXPIRED);
            succeeded = true;
        } finally {
            instance.close();
        }

        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
    }

    /** On a machine that is busy: every now and then an instance does not run for a while. */
    @Test
    void instancesRestartedOneByOneUnderLoad_answerEverything() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(fireblocks, log, seed, Duration.ofSeconds(4));
        var instances = new ArrayDeque<InstanceProcess>();
        try {
            for (int i = 0; i < 2; i++) {
                instances.add(begin());
                instances.getLast().awaitReady();
            }
            for (int restarts = 0; restarts < LOAD; restarts++) {
                load.send(300, PATIENCE);
                instances.add(begin());
                instances.getLast().awaitReady();
                load.send(300, PATIENCE);
                var leaving = instances.removeFirst();
                var pausing = pauses(random.nextBoolean() ? leaving : instances.getFirst(), random);
                leaving.stop();
                pausing.join();
            }
            load.send(300, PATIENCE);
            log.awaitReplies(load.requests());
            assertThat(load.outcomes().keySet()).containsExactly(RpcOutcome.ANSWERED);
            succeeded = true;
        } finally {
            started.forEach(InstanceProcess::close);
        }

        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
    }

    private InstanceProcess begin(String... settings) throws IOException {
        var instance = InstanceProcess.begin(fireblocks, folder, settings);
        started.add(instance);
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

    private static Answer echoAfter(CountDownLatch gate, String payload) {
        try {
            gate.await();
            return InvokeAnswer.echo(payload);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
