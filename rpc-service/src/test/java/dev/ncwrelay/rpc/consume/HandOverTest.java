package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances that start and stop during calls; one is running at the begin and at the end of each test. */
@Tag("kafka")
@Tag("brokers")
class HandOverTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** On a busy machine the second instance starts slowly. */
    private static final String LONG = "4m";

    private static RequestLog log;
    private static String group;
    private static RunningService running;

    private final String device = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        log = new RequestLog(SharedStack.get().connection());
        group = log.newGroup();
        running = startNext();
    }

    @AfterAll
    static void stop() {
        running.close();
        log.close();
        FIREBLOCKS.close();
    }

    @BeforeEach
    void reset() {
        FIREBLOCKS.invoke().reset();
    }

    @Test
    void callWithoutAReply_isRetriedByTheNextInstance() {
        // Given
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.result("never seen").heldFor(TIMEOUT));
        var unfinished = log.send(device, "poll_mpc_msg");
        awaitCall();
        // Finished records above the unfinished one do not advance the position.
        log.awaitReplies(IntStream.range(0, 10)
                .mapToObj(_ -> log.send(device, "get_all_keys"))
                .toList());
        running.close();
        assertThat(log.replies(unfinished)).isEmpty();

        // When
        running = startNext();

        // Then
        assertThat(log.reply(unfinished).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
    }

    @Test
    void runningCall_finishesBeforeTheInstanceStops() {
        // Given
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.result("soon").heldFor(Duration.ofSeconds(1)));
        var requestId = log.send(device, "enroll_player");
        awaitCall();

        // When
        running.close();

        // Then
        assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        running = startNext();
        log.reply(log.send(device, "get_all_keys"));
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(2);
    }

    /** However long the call takes, the partition is handed over in the meantime. */
    @Test
    void callDuringAHandOver_isRepliedByTheInstanceThatMadeIt() {
        // Given
        var gate = new CountDownLatch(1);
        var calls = new AtomicInteger();
        FIREBLOCKS.invoke().onDevice(device, _ -> {
            calls.incrementAndGet();
            return released(gate);
        });
        var requestId =
                log.send(device, "{\"method\":\"enroll_player\"}", Instant.now().plus(Duration.ofMinutes(4)));
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(calls).hasValue(1));
        var first = running;

        // When
        running = startNext();
        var stopped = CompletableFuture.runAsync(
                first::close, work -> Thread.ofVirtual().start(work));
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                running.get("/actuator/health/readiness").body())
                        .contains("\"partitions\":12", "\"partitionsLoading\":0", "\"inFlight\":1"));
        assertThat(log.replies(requestId)).isEmpty();
        gate.countDown();

        // Then
        assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        assertThat(stopped).succeedsWithin(TIMEOUT);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(running.inFlight()).isZero());
        assertThat(calls).hasValue(1);
        assertThat(log.replies(requestId)).hasSize(1);
    }

    @Test
    void rebalancesUnderLoad_loseNothing() {
        // Given
        FIREBLOCKS
                .invoke()
                .when(
                        call -> call.deviceId().startsWith(device),
                        call -> InvokeAnswer.echo(call.payload())
                                .heldFor(Duration.ofMillis(
                                        Math.floorMod(call.deviceId().hashCode(), 200))));
        var requests = new ArrayList<String>();
        var first = running;

        // When
        send(requests, 150);
        running = startNext();
        send(requests, 150);
        first.close();
        send(requests, 150);
        log.awaitReplies(requests);

        // Then: a hand-over may repeat such a call, and loses none
        assertThat(requests)
                .allSatisfy(id -> assertThat(log.reply(id).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
    }

    private static RunningService startNext() {
        return RunningService.start(
                FIREBLOCKS,
                Map.of(
                        "relay.rpc.dispatch.group",
                        group,
                        "relay.rpc.call.timeout",
                        LONG,
                        "relay.rpc.dispatch.grace",
                        LONG));
    }

    private void awaitCall() {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(FIREBLOCKS.invoke().callsOf(device)).isNotEmpty());
    }

    private static Answer released(CountDownLatch gate) {
        try {
            gate.await();
            return InvokeAnswer.result("at last");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(List<String> requests, int count) {
        for (int i = 0; i < count; i++) {
            requests.add(log.send(device + "-" + i, "broadcast_mpc_msg"));
        }
    }
}
