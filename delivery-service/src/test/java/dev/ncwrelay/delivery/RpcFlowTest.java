package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RPC calls through Kafka, with the test in place of rpc-service. */
@Tag("kafka")
class RpcFlowTest {

    private static final List<RpcRequest> requests = new CopyOnWriteArrayList<>();
    private static final List<String> traces = new CopyOnWriteArrayList<>();

    private static RunningDelivery delivery;
    private static FakeRpcService rpc;

    @BeforeAll
    static void start() throws Exception {
        rpc = FakeRpcService.start((rpc, request, headers) -> {
            headers.headers("traceparent")
                    .forEach(trace -> traces.add(new String(trace.value(), StandardCharsets.UTF_8)));
            answer(rpc, request);
        });
        delivery = RunningDelivery.start(
                "relay.delivery.rpc.timeout=5s",
                "relay.delivery.rpc.memory=1m",
                "relay.delivery.rpc.max-memory=3MB",
                "relay.delivery.rpc.calls-per-device=4");
    }

    @AfterAll
    static void stop() {
        delivery.close();
        rpc.close();
    }

    @Test
    void call_returnsTheBytesOfTheReply() {
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
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void call_returnsLargeReplies() {
        var answer = delivery.post("/api/devices/" + delivery.device() + "/rpc", message("large"));

        assertThat(answer.text()).isEqualTo(large());
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, 502", "UNREACHABLE, 502", "AMBIGUOUS, 502", "UNKNOWN, 502", "TIMED_OUT, 504", "EXPIRED, 504"})
    void call_withoutResponse_isAProblemWithACode(String outcome, int status) {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("outcome:" + outcome));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asString()).isEqualTo(outcome);
        assertThat(answer.header("Request-Id")).isNotBlank();
    }

    @Test
    void rejectedCall_hasTheStatusOfFireblocks() {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("outcome:REFUSED"));

        assertThat(answer.json().path("upstreamStatus").asInt()).isEqualTo(401);
    }

    @Test
    void rateLimitedCall_mayBeRepeated() {
        var answer = delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("tooMany"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.json().path("code").asString()).isEqualTo("REFUSED");
        assertThat(answer.json().path("upstreamStatus").asInt()).isEqualTo(429);
    }

    @Test
    void call_writesItsTraceToKafka() {
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
    void call_overAWebSocket_returnsTheSame() {
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
    void rejectedCall_overAWebSocket_keepsItOpen() {
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
    void call_repeatedWithTheSameId_isMadeOnce() {
        var device = delivery.device();

        var first = callAs(device, "same", message("echo:1"));
        var joined = callAs(device, "same", message("echo:1"));
        assertThat(first).succeedsWithin(Duration.ofMinutes(1));
        assertThat(joined).succeedsWithin(Duration.ofMinutes(1));
        var later = callAs(device, "same", message("echo:1")).join();

        assertThat(List.of(first.join().text(), joined.join().text(), later.text()))
                .containsOnly("1");
        assertThat(requestsOf(device)).hasSize(1);
        assertThat(callAs(device, "same", message("echo:2")).join().status()).isEqualTo(409);
    }

    @Test
    void call_repeatedAfterARestart_returnsTheFirstReply() {
        var device = delivery.device();
        assertThat(callAs(device, "same", message("echo:1")).join().text()).isEqualTo("1");

        delivery.restart();

        assertThat(callAs(device, "same", message("echo:1")).join().text()).isEqualTo("1");
        assertThat(requestsOf(device)).hasSize(1);
    }

    @Test
    void asyncCall_isReadLater() {
        // Given
        var device = delivery.device();

        // When
        var accepted = preferring(device, "respond-async", message("soon:{}")).join();

        // Then
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Preference-Applied")).isEqualTo("respond-async");
        assertThat(accepted.header("Retry-After")).isEqualTo("1");
        assertThat(accepted.json().path("status").asString()).isEqualTo("pending");
        var location = accepted.header("Location");
        assertThat(location).isEqualTo("/v1/devices/" + device + "/rpc/" + accepted.header("Request-Id"));
        assertThat(delivery.get(location).status()).isEqualTo(202);
        var answer = delivery.get(location + "?wait=20");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(delivery.get(location).text()).isEqualTo("{}");
    }

    @Test
    void asyncCallWithWait_returnsAnEarlyReply() {
        var answer = preferring(delivery.device(), "respond-async, wait=20", message("soon:{}"))
                .join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
    }

    /** Another node took the call; this one finds it in Kafka. */
    @Test
    void callOfAnotherNode_isFound() {
        // Given
        var device = delivery.device();
        callAs(device, "here", message("echo:1")).join();
        var ownership = requestsOf(device).getFirst().getRequestId().substring("here".length());
        var location = "/v1/devices/" + device + "/rpc/elsewhere";
        assertThat(delivery.get(location).status()).isEqualTo(404);
        assertThat(delivery.get(location).json().path("type").asString()).endsWith("unknown-request");

        // When
        var now = Instant.now();
        var request = new RpcRequest(
                "elsewhere" + ownership,
                device,
                "wallet-1",
                null,
                ByteBuffer.wrap("silence".getBytes(StandardCharsets.UTF_8)),
                now,
                now.plusSeconds(60));
        rpc.send(Topics.RPC_REQUESTS, device, request);

        // Then
        await().untilAsserted(() -> assertThat(delivery.get(location).status()).isEqualTo(202));
        var waiting =
                delivery.send(delivery.request("GET", location + "?wait=50", null, delivery.token(RunningDelivery.USER))
                        .build());
        rpc.reply(request, RpcOutcome.ANSWERED, 200, "{\"late\":true}");
        assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
        assertThat(waiting.join().text()).isEqualTo("{\"late\":true}");
    }

    /** More than this node keeps in memory: it is passed on, and read again from Kafka. */
    @Test
    void replyOf5MiB_isReturnedAndReadAgain() {
        var device = delivery.device();

        var answer = callAs(device, "huge", message("huge")).join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEqualTo(huge());
        var again = delivery.get("/v1/devices/" + device + "/rpc/huge");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.bytes()).isEqualTo(huge());
    }

    /** Its reply was evicted; the request is written again, and rpc-service repeats its reply. */
    @Test
    void callWhoseReplyIsNotKept_isWrittenAgain() {
        var device = delivery.device();
        callAs(device, "huge", message("huge")).join();

        var again = callAs(device, "huge", message("huge")).join();

        assertThat(again.bytes()).isEqualTo(huge());
        assertThat(requestsOf(device)).hasSize(2);
    }

    @Test
    void inFlightCalls_areLimitedPerDevice_andEndIn504() {
        // Given
        var device = delivery.device();
        var held = new ArrayList<CompletableFuture<RunningDelivery.Reply>>();
        for (int i = 0; i < 4; i++) {
            held.add(callAs(device, "silent-" + i, message("silence")));
        }
        await().untilAsserted(() -> assertThat(requestsOf(device)).hasSize(4));

        // When
        var refused = callAs(device, "one-more", message("echo:1")).join();

        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.json().path("type").asString()).endsWith("too-many-calls");
        assertThat(delivery.post("/v1/devices/" + delivery.device() + "/rpc", message("echo:1"))
                        .status())
                .isEqualTo(200);
        held.forEach(call -> {
            assertThat(call.join().status()).isEqualTo(504);
            assertThat(call.join().json().path("code").asString()).isEqualTo("TIMED_OUT");
        });
        assertThat(callAs(device, "one-more", message("echo:1")).join().text()).isEqualTo("1");
    }

    @Test
    void malformedLookup_is400() {
        var path = "/v1/devices/" + delivery.device() + "/rpc/any";

        assertThat(delivery.get(path + "?wait=51").status()).isEqualTo(400);
        assertThat(delivery.get(path + "?wait=x").status()).isEqualTo(400);
    }

    @Test
    void malformedCall_is400() {
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

    private static CompletableFuture<RunningDelivery.Reply> preferring(String device, String prefer, String body) {
        return delivery.send(
                delivery.request("POST", "/v1/devices/" + device + "/rpc", body, delivery.token(RunningDelivery.USER))
                        .header("Prefer", prefer)
                        .build());
    }

    private static byte[] huge() {
        var bytes = new byte[5 * 1024 * 1024];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
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

    private static void answer(FakeRpcService rpc, RpcRequest request) {
        requests.add(request);
        var payload = FakeRpcService.payload(request);
        if (payload.startsWith("echo:")) {
            rpc.reply(request, RpcOutcome.ANSWERED, 200, payload.substring("echo:".length()));
        } else if (payload.equals("large")) {
            rpc.reply(request, RpcOutcome.ANSWERED, 200, large());
        } else if (payload.startsWith("soon:")) {
            CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS)
                    .execute(() -> rpc.reply(request, RpcOutcome.ANSWERED, 200, payload.substring("soon:".length())));
        } else if (payload.equals("huge")) {
            rpc.reply(request, RpcOutcome.ANSWERED, 200, new String(huge(), StandardCharsets.UTF_8));
        } else if (payload.equals("tooMany")) {
            rpc.reply(request, RpcOutcome.REFUSED, 429, null);
        } else if (payload.startsWith("outcome:")) {
            rpc.reply(request, RpcOutcome.valueOf(payload.substring("outcome:".length())), 401, null);
        }
    }
}
