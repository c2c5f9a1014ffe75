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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances that come and go while requests are under way. */
@Tag("kafka")
class HandOverTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static RequestLog log;

    private final String device = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        log = new RequestLog(SharedStack.get().connection());
    }

    @AfterAll
    static void stop() {
        log.close();
        FIREBLOCKS.close();
    }

    @BeforeEach
    void reset() {
        FIREBLOCKS.invoke().reset();
    }

    @Test
    void callWithoutAReply_isMadeAgainByTheNextInstance() {
        // Given
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.result("never seen").heldFor(PATIENCE));
        String unfinished;
        List<String> finished = new ArrayList<>();
        try (var _ = RunningService.start(FIREBLOCKS, Map.of("relay.rpc.dispatch.grace", "0s"))) {
            unfinished = log.send(device, "poll_mpc_msg");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1));
            // Finished work above the unfinished record does not let the position pass it.
            for (int i = 0; i < 10; i++) {
                finished.add(log.send(device, "get_all_keys"));
            }
            log.awaitReplies(finished);
        }
        assertThat(log.replies(unfinished)).isEmpty();

        // When
        try (var _ = RunningService.start(FIREBLOCKS)) {

            // Then
            assertThat(log.reply(unfinished).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        }
    }

    @Test
    void runningCall_isFinishedBeforeTheInstanceStops() {
        // Given
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.result("soon").heldFor(Duration.ofSeconds(1)));
        String requestId;

        // When
        try (var _ = RunningService.start(FIREBLOCKS)) {
            requestId = log.send(device, "enroll_player");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1));
        }

        // Then
        assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        try (var _ = RunningService.start(FIREBLOCKS)) {
            var next = log.send(device, "get_all_keys");
            log.reply(next);
        }
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(2);
    }

    /** However long it takes: the partition is handed over meanwhile. */
    @Test
    void callThatRunsDuringAHandOver_isAnsweredByTheInstanceThatMadeIt() {
        // Given
        var gate = new CountDownLatch(1);
        var calls = new AtomicInteger();
        FIREBLOCKS.invoke().onDevice(device, _ -> {
            calls.incrementAndGet();
            return released(gate);
        });
        // On a busy machine the second instance takes long to start.
        var first = RunningService.start(
                FIREBLOCKS, Map.of("relay.rpc.call.timeout", "4m", "relay.rpc.dispatch.grace", "4m"));
        var requestId =
                log.send(device, "{\"method\":\"enroll_player\"}", Instant.now().plus(Duration.ofMinutes(4)));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(calls).hasValue(1));

        // When
        try (var second = RunningService.start(FIREBLOCKS)) {
            var stopped = CompletableFuture.runAsync(
                    first::close, work -> Thread.ofVirtual().start(work));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    second.get("/actuator/health/readiness").body())
                            .contains("\"partitions\":12", "\"takingOver\":0", "\"inFlight\":1"));
            assertThat(log.replies(requestId)).isEmpty();
            gate.countDown();

            // Then
            assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
            assertThat(stopped).succeedsWithin(PATIENCE);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(second.inFlight()).isZero());
        }
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

        // When
        var first = RunningService.start(FIREBLOCKS);
        send(requests, 150);
        try (var _ = RunningService.start(FIREBLOCKS)) {
            send(requests, 150);
            first.close();
            send(requests, 150);
            log.awaitReplies(requests);
        }

        // Then: a hand-over may repeat such a call, and loses none
        assertThat(requests)
                .allSatisfy(id -> assertThat(log.reply(id).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
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
