package dev.ncwrelay.rpc.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service from record to record. */
@Tag("kafka")
class RpcServiceTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    /** A quarter of the default, so that broker, Fireblocks and service fit one JVM on two cores. */
    private static final int MOST = 500;

    private static final int LARGEST = 5 * 1024 * 1024;

    private static RunningService service;
    private static RequestLog log;

    private final String device = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        log = new RequestLog(SharedStack.get().connection());
        service = RunningService.start(
                FIREBLOCKS,
                Map.of(
                        "relay.rpc.dispatch.group",
                        log.newGroup(),
                        "relay.rpc.dispatch.max-in-flight",
                        Integer.toString(MOST),
                        "relay.rpc.fireblocks.tenants.acme.users[0].api-key",
                        FIREBLOCKS.apiUser().apiKey(),
                        "relay.rpc.fireblocks.tenants.acme.users[0].private-key",
                        FIREBLOCKS.apiUser().privateKeyPem()));
    }

    @AfterAll
    static void stop() {
        service.close();
        log.close();
        FIREBLOCKS.close();
    }

    @BeforeEach
    void reset() {
        FIREBLOCKS.invoke().reset();
    }

    static List<byte[]> bodies() {
        return List.of(
                "{\"result\":\"Grüße, 世界 ✓ \\u0000 𝄞\"}".getBytes(UTF_8),
                "{\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}".getBytes(UTF_8),
                "not JSON".getBytes(UTF_8),
                random(2_000_000),
                random(5 * 1024 * 1024));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void reply_hasTheBytesOfTheResponse(byte[] body) {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.body(body));

        var reply = log.reply(log.send(device, "get_all_keys")).reply();

        assertThat(reply.getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        assertThat(reply.getStatus()).isEqualTo(200);
        assertThat(reply.getBody()).isEqualTo(ByteBuffer.wrap(body));
    }

    /** The largest request that delivery-service can be configured to accept. */
    @Test
    void requestOfTheLargestSize_isSentUnchanged() {
        var payload = new StringBuilder("{\"method\":\"get_all_keys\",\"params\":\"");
        random(LARGEST - payload.length() - 2, payload);
        payload.append("\"}");
        FIREBLOCKS.invoke().onDevice(device, call -> InvokeAnswer.echo(call.payload()));

        var reply = log.reply(log.send(device, payload.toString(), Instant.now().plusSeconds(120)))
                .reply();

        assertThat(reply.getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        assertThat(FIREBLOCKS.invoke().callsOf(device))
                .singleElement()
                .satisfies(call -> assertThat(call.payload()).hasSize(LARGEST).isEqualTo(payload.toString()));
    }

    @Test
    void reply_isInTheDevicesPartitionWithTheTraceOfItsRequest() {
        var requestId = log.send(device, "get_all_keys");

        var record = log.reply(requestId).record();

        assertThat(record.key()).isEqualTo(device);
        assertThat(record.partition()).isEqualTo(DevicePartition.of(device, LocalKafka.PARTITIONS));
        assertThat(record.headers().lastHeader("traceparent").value())
                .isEqualTo(RequestLog.traceOf(requestId).getBytes(UTF_8));
    }

    @Test
    void rejection_isRepliedWithStatusAndBody() {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.refusal(403, "Device disabled", 1));

        var reply = log.reply(log.send(device, "get_all_keys")).reply();

        assertThat(reply.getOutcome()).isEqualTo(RpcOutcome.REFUSED);
        assertThat(reply.getStatus()).isEqualTo(403);
        assertThat(UTF_8.decode(reply.getBody()).toString()).isEqualTo("{\"message\":\"Device disabled\",\"code\":1}");
    }

    @Test
    void heldCall_doesNotDelayOthersOfTheSameDevice() {
        // Given
        var gate = new CountDownLatch(1);
        FIREBLOCKS
                .invoke()
                .when(call -> call.deviceId().equals(device) && call.method().equals("poll_mpc_msg"), _ -> held(gate));

        // When
        var slow = log.send(device, "poll_mpc_msg");
        var fast = log.send(device, "broadcast_mpc_msg");

        // Then
        assertThat(log.reply(fast).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        assertThat(log.replies(slow)).isEmpty();
        gate.countDown();
        assertThat(log.reply(slow).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
    }

    /** A client may repeat a request at a node that has evicted the reply or never had it. */
    @Test
    void repeatedRequest_getsTheStoredReplyWithoutACall() {
        var body = random(100_000);
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.body(body));
        var requestId = log.send(device, "enroll_player");
        log.reply(requestId);

        log.sendAgain(requestId);

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(log.replies(requestId))
                        .hasSize(2)
                        .allSatisfy(reply -> assertThat(reply.reply().getBody()).isEqualTo(ByteBuffer.wrap(body))));
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1);
    }

    @Test
    void expiredRequest_isRepliedExpiredAndNotSent() {
        var requestId = log.send(device, "{}", Instant.now().minusSeconds(1));

        assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.EXPIRED);
        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    @Test
    void deadlineDuringTheCall_isRepliedTimedOut() {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.result("late").heldFor(TIMEOUT));

        var requestId = log.send(device, "{}", Instant.now().plusSeconds(1));

        assertThat(log.reply(requestId).reply().getOutcome()).isEqualTo(RpcOutcome.TIMED_OUT);
    }

    @Test
    void idsThatCannotBePartOfAUrl_areRepliedUnreachable() {
        var reply = log.reply(log.send("..", "get_all_keys")).reply();

        assertThat(reply.getOutcome()).isEqualTo(RpcOutcome.UNREACHABLE);
        assertThat(reply.getDetail()).contains("device id");
    }

    @Test
    void unreadableRecord_becomesADeadLetterAndDoesNotBlockOthers() {
        // Given
        var garbage = new byte[] {1, 2, 3};

        // When
        log.send(device, garbage, "trace");
        var next = log.send(device, "get_all_keys");

        // Then
        assertThat(log.reply(next).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(log.deadLettersOf(device)).hasSize(1));
        var letter = log.deadLettersOf(device).getFirst();
        assertThat(letter.value()).isEqualTo(garbage);
        assertThat(new String(letter.headers().lastHeader(DeadLetters.REASON).value(), UTF_8))
                .contains("wire format");
    }

    @Test
    void unreadableRecordOfTheLargestSize_becomesADeadLetterWithItsValue() {
        // Given: 6 MiB with what lz4 and Kafka add, and more with a dead letter's headers
        var garbage = new byte[6 * 1024 * 1024 - 600];
        new Random(1).nextBytes(garbage);

        // When
        log.send(device, garbage, "trace");

        // Then
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(log.deadLettersOf(device)).hasSize(1));
        assertThat(Arrays.equals(log.deadLettersOf(device).getFirst().value(), garbage))
                .isTrue();
    }

    /** Held calls, a fast call of one of their devices, and then more calls than the limit. */
    @Test
    void inFlight_isBoundedAndEveryRequestIsReplied() {
        // Given
        var gate = new CountDownLatch(1);
        var held = new AtomicInteger();
        FIREBLOCKS.invoke().onMethod("poll_mpc_msg", _ -> {
            held.incrementAndGet();
            return held(gate);
        });
        var requests = new ArrayList<>(polls(MOST - 100));
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(held).hasValue(MOST - 100));

        // When
        var fast = log.send(device + "-7", "ack_mpc_msg");
        assertThat(log.reply(fast).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        requests.addAll(polls(300));
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(held).hasValue(MOST));
        assertThat(service.inFlight()).isEqualTo(MOST);
        gate.countDown();

        // Then
        log.awaitReplies(requests);
        assertThat(requests)
                .allSatisfy(id -> assertThat(log.reply(id).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
        assertThat(held).hasValue(MOST + 200);
    }

    /** Requests beyond its share are rejected, and other devices do not wait. */
    @Test
    void floodOfOneDevice_usesOnlyItsShare() {
        // Given
        var gate = new CountDownLatch(1);
        FIREBLOCKS.invoke().onMethod("poll_mpc_msg", _ -> held(gate));
        int flood = 2 * MOST;
        var deadline = Instant.now().plusSeconds(120);
        var requests = IntStream.range(0, flood)
                .mapToObj(_ -> log.send(device, "{\"method\":\"poll_mpc_msg\"}", deadline))
                .toList();

        // When
        var others = IntStream.range(0, 50)
                .mapToObj(i -> log.send(device + "-" + i, "get_all_keys"))
                .toList();

        // Then
        log.awaitReplies(others);
        assertThat(others)
                .allSatisfy(id -> assertThat(log.reply(id).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED));
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                requests.stream().filter(id -> !log.replies(id).isEmpty()))
                        .hasSizeGreaterThanOrEqualTo(flood - 8 - 128));
        gate.countDown();
        log.awaitReplies(requests);
        var outcomes = requests.stream()
                .map(id -> log.reply(id).reply().getOutcome())
                .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
        assertThat(outcomes).containsOnlyKeys(RpcOutcome.ANSWERED, RpcOutcome.UNREACHABLE);
        assertThat(outcomes.get(RpcOutcome.ANSWERED)).isBetween(8L, 8 + 128L);
    }

    @Test
    void tenantWithoutAnAccount_isRepliedWithoutACall() {
        var reply = log.reply(log.sendOf("unknown", device, "poll_mpc_msg")).reply();

        assertThat(reply.getOutcome()).isEqualTo(RpcOutcome.UNREACHABLE);
        assertThat(reply.getDetail()).contains("no Fireblocks account");
        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    @Test
    void unservedAccount_doesNotBlockOthers() {
        // Given
        FIREBLOCKS.invoke().when(call -> call.deviceId().startsWith("acme"), _ -> InvokeAnswer.refusal(500, "down", 1));
        for (int i = 0; i < 20; i++) {
            log.reply(log.sendOf("acme", "acme-" + i, "get_all_keys"));
        }
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(service.get("/actuator/prometheus").body())
                                .containsPattern("relay_rpc_circuit_breaker_open\\{account=\"acme\"[^}]*} (1.0|0.5)"));

        // When
        var waiting = log.sendOf("acme", "acme-20", "enroll_player");
        var other = log.send(device, "get_all_keys");

        // Then
        assertThat(log.reply(other).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
        FIREBLOCKS.invoke().reset();
        assertThat(log.reply(waiting).reply().getOutcome()).isIn(RpcOutcome.ANSWERED, RpcOutcome.REFUSED);
    }

    @Test
    void management_showsHealthAndMetrics() {
        log.reply(log.send(device, "get_all_keys"));

        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").body())
                .contains("\"startup\":{\"status\":\"UP\"}", "\"partitions\":12", "inFlight", "millisSincePoll");
        assertThat(service.get("/actuator/prometheus").body())
                .contains(
                        "relay_rpc_requests_total{",
                        "result=\"answered\"",
                        "relay_rpc_requests_active",
                        "relay_rpc_requests_upstream_seconds_bucket",
                        "relay_rpc_requests_overhead_seconds_count");
        assertThat(service.get("/actuator/env").statusCode()).isEqualTo(404);
    }

    @Test
    void errorInThePollThread_endsTheProcess() {
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("requests"))
                .isNotEmpty()
                .allMatch(CriticalThread::isCritical);
    }

    private List<String> polls(int count) {
        var deadline = Instant.now().plusSeconds(120);
        return IntStream.range(0, count)
                .mapToObj(i -> log.send(device + "-" + i % 300, "{\"method\":\"poll_mpc_msg\"}", deadline))
                .toList();
    }

    private static Answer held(CountDownLatch gate) {
        try {
            gate.await();
            return InvokeAnswer.result("released");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Incompressible text. */
    private static void random(int length, StringBuilder text) {
        new Random(7).ints(length, 'a', 'z' + 1).forEach(letter -> text.append((char) letter));
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
