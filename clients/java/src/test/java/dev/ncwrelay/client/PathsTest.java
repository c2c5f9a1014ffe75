package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client does on paths that refuse or hold back a transport, and in an outage. */
class PathsTest {

    private FakeRelay relay;

    @BeforeEach
    void start() throws IOException {
        relay = FakeRelay.start();
    }

    @AfterEach
    void close() {
        relay.close();
        assertThat(relay.violations()).isEmpty();
    }

    @Test
    void refusedWebSocket_isLeftForEventStreams_andRemembered() throws Exception {
        relay.answer("ws", new MockResponse.Builder().code(400).body("<html>").build());
        relay.publish(List.of("a"));

        try (var client = client(new TestTiming())) {
            for (int stream = 0; stream < 2; stream++) {
                try (var messages = client.messages(MessageOptions.onGap(GapPolicy.stop()))) {
                    assertThat(MessageContract.take(messages, 1)).containsExactly("a");
                }
            }
        }
        assertThat(relay.requests()).contains("GET stream").doesNotContain("POST messages:poll");
        assertThat(relay.requests()).containsOnlyOnce("GET ws");
    }

    @Test
    void eventStreamThatIsHeldBack_isLeftForLongPolls() throws Exception {
        relay.answer("ws", new MockResponse.Builder().code(400).build());
        relay.answer(
                "stream",
                new MockResponse.Builder()
                        .setHeader("Content-Type", "text/event-stream")
                        .bodyDelay(20, TimeUnit.SECONDS)
                        .body("event: never\ndata: {}\n\n")
                        .build());
        relay.publish(List.of("a"));

        try (var client = client(new TestTiming(new Random(1), 20, 20));
                var messages = client.messages(MessageOptions.onGap(GapPolicy.stop()))) {
            assertThat(MessageContract.take(messages, 1)).containsExactly("a");
        }
        assertThat(relay.requests()).contains("POST messages:poll");
    }

    /** A silent WebSocket: the fake sends no heartbeats. */
    @Test
    void silentWebSocket_isReplaced() throws Exception {
        var failures = new CopyOnWriteArrayList<String>();
        try (var client = client(new TestTiming(new Random(1), 20, 50));
                var messages = client.messages(MessageOptions.onGap(GapPolicy.stop())
                        .transport(Transport.WEBSOCKET)
                        .onRetry((failure, wait) -> failures.add(failure.code())))) {
            assertThat(messages.next(Duration.ofSeconds(2))).isEmpty();
            relay.publish(List.of("a"));
            assertThat(MessageContract.take(messages, 1)).containsExactly("a");
        }
        assertThat(failures).contains("stalled");
    }

    @Test
    void outage_isSurvived_withFewRequests() throws Exception {
        var timing = new TestTiming(new Random(1), 1_000, 1);
        for (int request = 0; request < 12; request++) {
            relay.answer(
                    "ws|stream|messages.*", new MockResponse.Builder().code(503).build());
        }
        relay.publish(List.of("a"));

        try (var client = client(timing);
                var messages = client.messages(MessageOptions.onGap(GapPolicy.stop()))) {
            assertThat(MessageContract.take(messages, 1)).containsExactly("a");
        }
        assertThat(relay.requests()).hasSizeLessThanOrEqualTo(16);
        assertThat(timing.sleeps().stream().mapToLong(Duration::toMillis).sum()).isGreaterThan(30_000);
    }

    @Test
    void wake_endsABackoff_butNotARetryAfter() throws Exception {
        var timing = new EndlessTiming();
        relay.answer("messages:poll", new MockResponse.Builder().code(503).build());
        relay.answer(
                "messages:poll",
                new MockResponse.Builder()
                        .code(503)
                        .setHeader("Retry-After", "20")
                        .build());
        try (var client = client(timing);
                var _ = client.messages(MessageOptions.onGap(GapPolicy.stop()).transport(Transport.LONG_POLL))) {
            var backoff = timing.next();
            client.wake();
            assertThat(backoff).isDone();

            var retryAfter = timing.next();
            client.wake();
            assertThat(retryAfter).isNotDone();
        }
        assertThat(relay.requests()).hasSize(2);
    }

    @Test
    void wake_ofAnIdleClient_opensNoHttpClients() {
        try (var client = client(new TestTiming())) {
            long before = httpClients();
            for (int call = 0; call < 200; call++) {
                client.wake();
            }

            assertThat(httpClients() - before).isLessThanOrEqualTo(0);
        }
    }

    /** Each has a thread. */
    private static long httpClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                .count();
    }

    /** Waits as long as nothing ends them. */
    private static final class EndlessTiming implements Timing {

        private final SystemTiming system = new SystemTiming();
        private final BlockingQueue<CompletableFuture<?>> sleeps = new LinkedBlockingQueue<>();

        /** What ends the next one. */
        CompletableFuture<?> next() throws InterruptedException {
            return Objects.requireNonNull(sleeps.poll(30, TimeUnit.SECONDS));
        }

        @Override
        public long millis() {
            return system.millis();
        }

        @Override
        public double random() {
            return 0.5;
        }

        @Override
        public void sleep(Duration time, CompletableFuture<?> end) throws InterruptedException {
            if (!time.isZero()) {
                sleeps.add(end);
                system.sleep(Duration.ofDays(1), end);
            }
        }

        @Override
        public Duration limit(Duration time) {
            return time;
        }
    }

    private RelayClient client(Timing timing) {
        return RelayClient.builder(relay.url(), "d-1", () -> "token-1")
                .timing(timing)
                .build();
    }
}
