package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcCallTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private FakeRelay relay;
    private RelayClient client;

    @BeforeEach
    void start() throws Exception {
        relay = FakeRelay.start();
        client = client(new TestTiming(), () -> "token-1");
    }

    @AfterEach
    void close() {
        client.close();
        relay.close();
        assertThat(relay.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"result\": {\"n\": 1.10e-05, \"text\": \"Grüße \\u00e9 世界\"} }\n",
                "{\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}",
                "no JSON",
                ""
            })
    void answer_isTheVeryText(String answer) throws Exception {
        relay.calls().answer(payload -> CompletableFuture.completedFuture(answer));

        assertThat(client.rpc("{\"method\":\"get_all_keys\"}")).isEqualTo(answer);
    }

    @Test
    void payload_arrivesUnchanged() throws Exception {
        var payload = "not even JSON: \"quotes\" \\ \n tab\t \u0000 Grüße 世界 𝄞 \u2028";

        client.rpc(payload);

        assertThat(relay.calls().executed()).containsExactly(payload);
    }

    @Test
    void lostConnections_repeatTheSameId_andNothingRunsTwice() throws Exception {
        for (int time = 0; time < 3; time++) {
            try (var proxy = CuttingProxy.to(relay.port(), cutsFirst(4, 40));
                    var through = RelayClient.builder(proxy.url(), "d-1", () -> "token-1")
                            .timing(new TestTiming())
                            .build()) {
                assertThat(through.rpc("call " + time)).isEqualTo("{\"result\":{}}");
            }
        }

        assertThat(relay.calls().executed()).containsExactly("call 0", "call 1", "call 2");
        assertThat(relay.calls().requestIds()).hasSizeGreaterThan(3);
        assertThat(relay.calls().requestIds().stream().distinct()).hasSize(3);
    }

    @Test
    void wake_repeatsTheCallWithItsId_andItRunsOnce() throws Exception {
        var answered = new CompletableFuture<String>();
        relay.calls().answer(payload -> answered);
        try (var proxy = CuttingProxy.to(relay.port(), () -> Integer.MAX_VALUE);
                var through =
                        RelayClient.builder(proxy.url(), "d-1", () -> "token-1").build()) {
            var answer = CompletableFuture.supplyAsync(() -> call(through), Thread::startVirtualThread);
            await().atMost(LIMIT).until(() -> relay.calls().requestIds().size() == 1);
            proxy.freeze();
            through.wake();
            await().atMost(LIMIT).until(() -> relay.calls().requestIds().size() == 2);
            answered.complete("late");

            assertThat(answer).succeedsWithin(LIMIT).isEqualTo("late");
        }
        assertThat(relay.calls().executed()).containsExactly("one");
        assertThat(relay.calls().requestIds().stream().distinct()).hasSize(1);
    }

    private static String call(RelayClient client) {
        try {
            return client.rpc("one");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static java.util.function.IntSupplier cutsFirst(int connections, int bytes) {
        var count = new AtomicInteger();
        return () -> count.getAndIncrement() < connections ? bytes : Integer.MAX_VALUE;
    }

    @Test
    void longCall_isAskedForAsynchronously() throws Exception {
        var answered = new CompletableFuture<String>();
        relay.calls().answer(payload -> answered);
        relay.answer(
                "rpc",
                new MockResponse.Builder()
                        .code(202)
                        .body("{\"status\":\"pending\"}")
                        .build());
        relay.answer(
                "rpc/.*",
                new MockResponse.Builder()
                        .code(202)
                        .body("{\"status\":\"pending\"}")
                        .build());
        relay.answer("rpc/.*", new MockResponse.Builder().body("late").build());

        assertThat(client.rpc("slow")).isEqualTo("late");
        assertThat(relay.requests().getFirst()).isEqualTo("POST rpc");
        assertThat(relay.requests().subList(1, 3)).allMatch(request -> request.startsWith("GET rpc/"));
    }

    @Test
    void overload_isRepeatedWithTheSameId() throws Exception {
        var timing = new TestTiming();
        client.close();
        client = client(timing, () -> "token-1");
        relay.refuse("rpc", new Refusal(429, "too-many-calls", Map.of(), 2));
        relay.refuse("rpc", new Refusal(503, "unavailable", Map.of(), 1));

        assertThat(client.rpc("one")).isEqualTo("{\"result\":{}}");
        assertThat(timing.sleeps().getFirst()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(relay.calls().executed()).containsExactly("one");
    }

    @Test
    void failureOfTheCall_hasTheRelaysCode_andIsNotRepeated() {
        var members = Map.<String, Object>of("code", "REFUSED", "upstreamStatus", 403);
        relay.calls().answer(payload -> CompletableFuture.failedFuture(new Refusal(502, "rpc-failed", members, null)));

        var failure = catchThrowableOfType(RelayException.class, () -> client.rpc("one"));

        assertThat(failure.code()).isEqualTo("REFUSED");
        assertThat(failure.problem()).hasValue("rpc-failed");
        assertThat(failure.upstreamStatus()).hasValue(403);
        assertThat(failure.status()).hasValue(502);
        assertThat(relay.requests()).hasSize(1);
    }

    @Test
    void expiredToken_isFetchedAnew() throws Exception {
        var fetches = new AtomicInteger();
        client.close();
        client = client(new TestTiming(), () -> "token-" + fetches.incrementAndGet());
        relay.accept("token-2");

        assertThat(client.rpc("one")).isEqualTo("{\"result\":{}}");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void timeOver_endsItWithTheLastFailure() {
        relay.answer("rpc", new MockResponse.Builder().code(502).build());
        relay.calls().answer(payload -> new CompletableFuture<>());

        var failure = catchThrowableOfType(RelayException.class, () -> client.rpc("one", Duration.ofSeconds(2)));

        assertThat(failure.code()).isEqualTo("timeout");
        assertThat(failure).hasCauseInstanceOf(RelayException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 111})
    void timeout_isBounded(int seconds) {
        assertThatThrownBy(() -> client.rpc("one", Duration.ofSeconds(seconds)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void close_endsTheCall() {
        relay.calls().answer(payload -> new CompletableFuture<>());
        var call = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(RelayException.class, () -> client.rpc("one")));
        await().atMost(LIMIT).until(() -> !relay.calls().executed().isEmpty());

        client.close();

        assertThat(call).succeedsWithin(LIMIT).extracting(RelayException::code).isEqualTo("closed");
    }

    @Test
    void interrupt_endsTheCall() throws Exception {
        relay.calls().answer(payload -> new CompletableFuture<>());
        var failure = new CompletableFuture<Throwable>();
        var caller = Thread.ofVirtual()
                .start(() -> failure.complete(catchThrowableOfType(Throwable.class, () -> client.rpc("one"))));
        await().atMost(LIMIT).until(() -> !relay.calls().executed().isEmpty());

        caller.interrupt();

        assertThat(failure).succeedsWithin(LIMIT).isInstanceOf(InterruptedException.class);
    }

    @Test
    void cutAnswer_isNoAnswer() throws Exception {
        relay.answer(
                "rpc",
                new MockResponse.Builder()
                        .body("{\"result\":\"" + "x".repeat(10_000) + "\"}")
                        .onResponseBody(new SocketEffect.CloseSocket())
                        .build());

        assertThat(client.rpc("one")).isEqualTo("{\"result\":{}}");
    }

    private RelayClient client(Timing timing, TokenSupplier tokens) {
        return RelayClient.builder(relay.url(), "d-1", tokens).timing(timing).build();
    }
}
