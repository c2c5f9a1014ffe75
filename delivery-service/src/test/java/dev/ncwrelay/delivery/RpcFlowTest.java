package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.tail.TailStart;
import dev.ncwrelay.schemas.tail.TopicTail;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls to the log and their answers back, with the test in the place of rpc-service. */
class RpcFlowTest {

    private static final List<RpcRequest> requests = new CopyOnWriteArrayList<>();
    private static final List<String> traces = new CopyOnWriteArrayList<>();

    private static RunningDelivery delivery;
    private static Producer<String, byte[]> producer;
    private static TopicTail<RpcRequest> tail;

    @BeforeAll
    static void start() throws Exception {
        var stack = SharedStack.get();
        producer = new KafkaProducer<>(stack.connection().producer("fake-rpc"));
        tail = TopicTail.start(
                Topics.RPC_REQUESTS,
                new TailStart.Beginning(),
                stack.connection(),
                "fake-rpc",
                stack.codec(),
                letter -> {
                    throw new AssertionError("unreadable request");
                },
                (request, at) -> {
                    at.headers()
                            .headers("traceparent")
                            .forEach(trace -> traces.add(new String(trace.value(), StandardCharsets.UTF_8)));
                    answer(request);
                });
        tail.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
        delivery = RunningDelivery.start("relay.delivery.rpc.timeout=2s", "relay.delivery.rpc.memory=1m");
    }

    @AfterAll
    static void stop() {
        delivery.close();
        tail.close();
        producer.close();
    }

    @Test
    void call_isAnsweredWithTheBytesOfTheReply() {
        var device = delivery.device();

        var answer = delivery.post(
                "/v1/devices/" + device + "/rpc", message("echo:{ \\\"r\\\": \\\"\u00fc\uD83D\uDD11\\\" }"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Request-Id")).isNotBlank();
        assertThat(answer.text()).isEqualTo("{ \"r\": \"\u00fc\uD83D\uDD11\" }");
        var request = requestsOf(device).getFirst();
        assertThat(request.getWalletId()).isEqualTo("wallet-1");
        assertThat(Duration.between(request.getCreatedAt(), request.getDeadline()))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void call_carriesLargeAnswers() {
        var answer = delivery.post("/api/devices/" + delivery.device() + "/rpc", message("large"));

        assertThat(answer.text()).isEqualTo(large());
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, 502", "UNREACHABLE, 502", "AMBIGUOUS, 502", "UNKNOWN, 502", "TIMED_OUT, 504", "EXPIRED, 504"})
    void call_withoutAnAnswer_isAProblemWithACode(String outcome, int status) {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("outcome:" + outcome));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asString()).isEqualTo(outcome);
        assertThat(answer.header("Request-Id")).isNotBlank();
    }

    @Test
    void call_refused_tellsFireblocksStatus() {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("outcome:REFUSED"));

        assertThat(answer.json().path("upstreamStatus").asInt()).isEqualTo(401);
    }

    @Test
    void call_refusedForItsRate_mayComeAgain() {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("tooMany"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.json().path("code").asString()).isEqualTo("REFUSED");
        assertThat(answer.json().path("upstreamStatus").asInt()).isEqualTo(429);
    }

    @Test
    void call_carriesItsTraceOntoTheLog() {
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var request = delivery.request(
                "POST",
                "/v1/devices/" + delivery.device() + "/rpc",
                message("echo:traced"),
                delivery.token(RunningDelivery.USER));

        assertThat(delivery.send(request.header("traceparent", trace).build())
                        .join()
                        .status())
                .isEqualTo(200);

        assertThat(traces).contains(trace);
    }

    @Test
    void call_overASocket_isAnsweredTheSame() {
        var device = delivery.device();
        try (var socket = SocketClient.open(delivery, device, delivery.token(RunningDelivery.USER))) {
            socket.hello(null, "latest", Map.of());
            socket.say("{\"type\":\"rpc\",\"id\":\"r1\",\"message\":\"echo:{\\\"error\\\":\\\"Grüße 世界\\\"}\"}");
            socket.say("{\"type\":\"rpc\",\"id\":\"r2\",\"message\":\"outcome:AMBIGUOUS\"}");

            await().untilAsserted(() -> assertThat(socket.said("rpc_result"))
                    .singleElement()
                    .satisfies(result -> {
                        assertThat(result.path("id").asString()).isEqualTo("r1");
                        assertThat(result.path("body").asString()).isEqualTo("{\"error\":\"Grüße 世界\"}");
                    }));
            await().untilAsserted(() -> assertThat(socket.said("rpc_error"))
                    .singleElement()
                    .satisfies(error -> {
                        assertThat(error.path("id").asString()).isEqualTo("r2");
                        assertThat(error.path("code").asString()).isEqualTo("AMBIGUOUS");
                    }));
        }
    }

    @Test
    void call_refusedOverASocket_leavesTheSocketOpen() {
        var device = delivery.device();
        try (var socket = SocketClient.open(delivery, device, delivery.token(RunningDelivery.USER))) {
            socket.hello(null, "latest", Map.of());
            socket.say("{\"type\":\"rpc\",\"id\":\"same\",\"message\":\"echo:1\"}");
            socket.say("{\"type\":\"rpc\",\"id\":\"same\",\"message\":\"echo:2\"}");
            socket.say("{\"type\":\"rpc\",\"id\":\"other\",\"message\":\"echo:3\"}");

            await().untilAsserted(() -> assertThat(socket.said("rpc_result")).hasSize(2));
            assertThat(socket.said("rpc_error")).singleElement().satisfies(error -> {
                assertThat(error.path("id").asString()).isEqualTo("same");
                assertThat(error.path("problem").asString()).endsWith("request-id-in-use");
            });
        }
    }

    @Test
    void call_nobodyAnswers_is504() {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("silence"));

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.json().path("code").asString()).isEqualTo("TIMED_OUT");
    }

    @Test
    void call_repeatedUnderTheSameId_isMadeOnce() {
        var device = delivery.device();

        var first = callAs(device, "same", message("echo:1"));
        var joined = callAs(device, "same", message("echo:1"));
        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        assertThat(joined).succeedsWithin(Duration.ofSeconds(10));
        var later = callAs(device, "same", message("echo:1")).join();

        assertThat(List.of(first.join().text(), joined.join().text(), later.text()))
                .containsOnly("1");
        assertThat(requestsOf(device)).hasSize(1);
        assertThat(callAs(device, "same", message("echo:2")).join().status()).isEqualTo(409);
    }

    @Test
    void call_afterARestartUnderTheSameId_hasTheAnswerOfTheFirst() {
        var device = delivery.device();
        assertThat(callAs(device, "same", message("echo:1")).join().text()).isEqualTo("1");

        delivery.restart();

        assertThat(callAs(device, "same", message("echo:1")).join().text()).isEqualTo("1");
        assertThat(requestsOf(device)).hasSize(1);
    }

    @Test
    void call_thatIsMalformed_is400() {
        var device = delivery.device();

        assertThat(delivery.post("/v1/devices/" + device + "/rpc", "{}").status())
                .isEqualTo(400);
        assertThat(callAs(device, "a b", message("echo:1")).join().status()).isEqualTo(400);
    }

    private static CompletableFuture<RunningDelivery.Reply> callAs(String device, String id, String body) {
        return delivery.send(
                delivery.request("POST", "/v1/devices/" + device + "/rpc", body, delivery.token(RunningDelivery.USER))
                        .header("Request-Id", id)
                        .build());
    }

    private static String message(String text) {
        return "{\"message\":\"" + text + "\"}";
    }

    private static String large() {
        return "{\"result\":\"" + "\u20ac".repeat(700_000) + "\"}";
    }

    private static List<RpcRequest> requestsOf(String device) {
        return requests.stream()
                .filter(request -> request.getDeviceId().equals(device))
                .toList();
    }

    private static void answer(@Nullable RpcRequest request) {
        if (request == null) {
            return;
        }
        requests.add(request);
        var payload =
                StandardCharsets.UTF_8.decode(request.getPayload().duplicate()).toString();
        if (payload.startsWith("echo:")) {
            reply(request, RpcOutcome.ANSWERED, 200, payload.substring("echo:".length()));
        } else if (payload.equals("large")) {
            reply(request, RpcOutcome.ANSWERED, 200, large());
        } else if (payload.equals("tooMany")) {
            reply(request, RpcOutcome.REFUSED, 429, null);
        } else if (payload.startsWith("outcome:")) {
            reply(request, RpcOutcome.valueOf(payload.substring("outcome:".length())), 401, null);
        }
    }

    private static void reply(RpcRequest request, RpcOutcome outcome, int status, @Nullable String body) {
        var reply = RpcReply.newBuilder()
                .setRequestId(request.getRequestId())
                .setDeviceId(request.getDeviceId())
                .setOutcome(outcome)
                .setStatus(status)
                .setBody(body == null ? null : ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .setDetail("as the test wants")
                .setCompletedAt(Instant.now())
                .build();
        var _ = producer.send(new ProducerRecord<>(
                Topics.RPC_REPLIES.name(),
                DevicePartition.of(request.getDeviceId(), LocalKafka.PARTITIONS),
                request.getDeviceId(),
                SharedStack.get().codec().encode(Topics.RPC_REPLIES, reply)));
    }
}
