package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private RelayClient client(Timing timing) {
        return RelayClient.builder(relay.url(), "d-1", () -> "token-1")
                .timing(timing)
                .build();
    }
}
