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
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guarantees under load, with each instance a process of its own. {@code -Drelay.rpc.load=4} makes it four times as
 * many calls, kills and restarts, which the figures of the README were measured with. The tests run in the order in
 * which the first two need one instance between them.
 */
@Tag("kafka")
@Tag("brokers")
@TestMethodOrder(MethodOrderer.MethodName.class)
class UnderLoadTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** The session timeout: a killed instance is noticed soon. */
    private static final String SHORT_SESSION = "--spring.kafka.properties.session.timeout.ms=3000";

    private static final int LOAD = Integer.getInteger("relay.rpc.load", 1);
    private static final int HELD = 500 * LOAD;
    private static final int ROUNDS = 20 * LOAD;

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();

    /** Instances of one group, which a test finds in the state that the previous test left. */
    private static final Deque<InstanceProcess> RUNNING = new ArrayDeque<>();

    @TempDir
    private static Path folder;

    private static RequestLog log;
    private static String group;

    private final List<InstanceProcess> started = new ArrayList<>();
    private boolean succeeded;

    @BeforeAll
    static void start() throws Exception {
        log = new RequestLog(SharedStack.get().connection());
        group = log.newGroup();
    }

    @AfterAll
    static void stop() {
        RUNNING.forEach(InstanceProcess::close);
        log.close();
        FIREBLOCKS.close();
    }

    @BeforeEach
    void reset() {
        FIREBLOCKS.invoke().reset();
    }

    /** Prints the log lines of hand-overs after a failure. */
    @AfterEach
    void say() throws IOException {
        if (!succeeded) {
            for (var instance : started) {
                instance.handOvers().forEach(System.out::println);
            }
            FIREBLOCKS.invoke().refusals().stream().limit(10).forEach(System.out::println);
        }
    }

    /** Prints the latency of fast calls before and during the load; benchmarks assess it. */
    @Test
    void fastCall_isRepliedWhileManyOthersAreHeld() throws Exception {
        // Given
        var device = UUID.randomUUID().toString();
        var gate = new CountDownLatch(1);
        var held = new AtomicInteger();
        FIREBLOCKS.invoke().onMethod("poll_mpc_msg", call -> {
            held.incrementAndGet();
            return echoAfter(gate, call.payload());
        });
        awaitOne();
        fastCalls(device);
        var before = fastCalls(device);
        var deadline = Instant.now().plus(TIMEOUT);
        var polls = IntStream.range(0, HELD)
                .mapToObj(i -> log.send(device + "-" + i % 400, "{\"method\":\"poll_mpc_msg\"}", deadline))
                .toList();
        // The network may reject one of so many connections; a poll is then retried.
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(held).hasValueGreaterThanOrEqualTo(HELD));

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
                .allSatisfy(
                        poll -> assertThat(log.reply(poll).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
        succeeded = true;
    }

    /** At any moment: while requests are read, called, replied to or committed. */
    @Test
    void killedInstance_losesNothingAndRepeatsOnlyRepeatableCalls() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(FIREBLOCKS, log, seed, Duration.ofMillis(400));
        awaitOne();
        for (int kills = 0; kills < LOAD; kills++) {
            var killed = new AtomicBoolean();
            var unfinished = unfinishedUntil(killed);
            load.send(500, TIMEOUT);
            LockSupport.parkNanos(random.nextLong(1_000_000_000));
            RUNNING.removeFirst().kill();
            assertThat(log.replies(unfinished)).isEmpty();
            killed.set(true);
            awaitOne();
            assertThat(log.reply(unfinished).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        }
        load.send(500, TIMEOUT);
        log.awaitReplies(load.requests());
        System.out.println("rpc under load: outcomes after kills " + load.outcomes());
        assertThat(load.outcomes().keySet()).isSubsetOf(RpcOutcome.ANSWERED, RpcOutcome.AMBIGUOUS, RpcOutcome.EXPIRED);
        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
        succeeded = true;
    }

    /** On a busy machine: at times an instance is not scheduled for a while. */
    @Test
    void rollingRestartUnderLoad_repliesToEverything() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("rpc under load: seed " + seed);
        var random = new Random(seed);
        var load = new MixedLoad(FIREBLOCKS, log, seed, Duration.ofSeconds(2));
        startAnew();
        RUNNING.add(begin());
        RUNNING.add(begin());
        RUNNING.forEach(InstanceProcess::awaitReady);
        for (int restarts = 0; restarts < LOAD; restarts++) {
            load.send(300, TIMEOUT);
            RUNNING.add(begin());
            RUNNING.getLast().awaitReady();
            load.send(300, TIMEOUT);
            var leaving = RUNNING.removeFirst();
            var pausing = pauses(random.nextBoolean() ? leaving : RUNNING.getFirst(), random);
            leaving.stop();
            pausing.join();
        }
        load.send(300, TIMEOUT);
        log.awaitReplies(load.requests());
        assertThat(load.outcomes().keySet()).containsExactly(RpcOutcome.ANSWERED);
        assertThat(load.executionsOfUnrepeatable().values()).containsOnly(1);
        succeeded = true;
    }

    /** Ensures that an instance is running and in the group. */
    private void awaitOne() throws IOException {
        if (RUNNING.isEmpty()) {
            RUNNING.add(begin(SHORT_SESSION));
        }
        RUNNING.getFirst().awaitReady();
    }

    /** Stops all instances and waits until the group is empty. */
    private static void startAnew() throws Exception {
        RUNNING.forEach(InstanceProcess::close);
        RUNNING.clear();
        group = log.newGroup();
    }

    private InstanceProcess begin(String... settings) throws IOException {
        var all = Stream.concat(Stream.of("--relay.rpc.dispatch.group=" + group), Stream.of(settings));
        var instance = InstanceProcess.begin(FIREBLOCKS, folder, all.toArray(String[]::new));
        started.add(instance);
        return instance;
    }

    /** A call that is held, and ten finished ones of its device above it. */
    private static String unfinishedUntil(AtomicBoolean killed) {
        var device = UUID.randomUUID().toString();
        // Held each time: on a busy machine the instance may process the request twice.
        FIREBLOCKS
                .invoke()
                .when(
                        call -> call.deviceId().equals(device) && call.method().equals("poll_mpc_msg"),
                        call -> killed.get()
                                ? InvokeAnswer.echo(call.payload())
                                : InvokeAnswer.result("never seen").heldFor(TIMEOUT));
        var unfinished = log.send(device, "poll_mpc_msg");
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(FIREBLOCKS.invoke().callsOf(device)).isNotEmpty());
        log.awaitReplies(IntStream.range(0, 10)
                .mapToObj(_ -> log.send(device, "get_all_keys"))
                .toList());
        return unfinished;
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

    /** The median latency of sequential calls, in milliseconds. */
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
