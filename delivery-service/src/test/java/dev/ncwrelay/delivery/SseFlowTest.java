package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Details of server-sent events, line by line. */
@Tag("kafka")
class SseFlowTest {

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start(
                "relay.delivery.live.heartbeat=200ms",
                "relay.delivery.live.life=3s",
                "relay.delivery.live.per-device=2");
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @Test
    void stream_isNeitherCachedNorBufferedByProxies() throws Exception {
        try (var stream = Lines.of(delivery.device())) {
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
        }
    }

    @Test
    void event_hasItsCursorAsId_andMultilineDataIsTheSameJson() throws Exception {
        var device = delivery.device();
        var data = "{\r\n  \"a\": 1.10e-05,\n\n  \"b\": [\r    \"x\" ]\n}";
        delivery.publish(device, "event-1", data);
        try (var stream = Lines.of(device)) {
            var event = stream.awaitEvent("message");

            assertThat(event.getFirst()).startsWith("id: ");
            assertThat(event.get(1)).isEqualTo("event: message");
            assertThat(event.subList(2, event.size())).allMatch(line -> line.startsWith("data: "));
            var joined = event.subList(2, event.size()).stream()
                    .map(line -> line.substring("data: ".length()))
                    .collect(Collectors.joining("\n"));
            assertThat(joined).contains("{\n  \"a\": 1.10e-05,\n\n  \"b\": [\n    \"x\" ]\n}");
            var message = JsonMapper.shared().readTree(joined);
            assertThat(message.path("cursor").asString())
                    .isEqualTo(event.getFirst().substring("id: ".length()));
        }
    }

    @Test
    void idleStream_sendsComments() throws Exception {
        try (var stream = Lines.of(delivery.device())) {
            await().untilAsserted(() -> assertThat(stream.lines())
                    .filteredOn(line -> line.startsWith(":"))
                    .hasSizeGreaterThan(2));
        }
    }

    @Test
    void maximumDuration_endsInReconnect_andTheCursorContinues() throws Exception {
        var device = delivery.device();
        delivery.publish(device, "event-1", "{}");
        String cursor;
        double ends = delivery.metric("relay.subscriptions", "result", "reconnect");
        try (var stream = Lines.of(device)) {
            cursor = stream.awaitEvent("message").getFirst().substring("id: ".length());
            assertThat(stream.awaitEvent("reconnect")).contains("retry: 1000", "data: {\"retryAfterMillis\":1000}");
            await().until(stream::isOver);
        }
        await().untilAsserted(() -> assertThat(delivery.metric("relay.subscriptions", "result", "reconnect"))
                .isGreaterThan(ends));
        delivery.publish(device, "event-2", "{}");

        try (var stream = Lines.of(device, "Last-Event-ID", cursor)) {
            assertThat(stream.awaitEvent("message")).anyMatch(line -> line.contains("\"id\":\"event-2\""));
        }
    }

    @Test
    void stream_beyondTheDeviceLimit_is429_untilOneEnds() throws Exception {
        var device = delivery.device();
        var path = "/v1/devices/" + device + "/stream";
        try (var first = Lines.of(device);
                var second = Lines.of(device)) {
            first.awaitEvent("caught_up");
            second.awaitEvent("caught_up");

            var third = delivery.get(path);

            assertThat(third.status()).isEqualTo(429);
            assertThat(third.header("Content-Type")).startsWith("application/problem+json");
            assertThat(third.header("Retry-After")).isEqualTo("1");
        }
        await().untilAsserted(() -> {
            try (var later = Lines.of(device)) {
                assertThat(later.status()).isEqualTo(200);
            }
        });
    }

    @Test
    void head_supersedesNothing_andReturns() throws Exception {
        var device = delivery.device();
        try (var stream = Lines.of(device, "Accept", "text/event-stream", "?consumer=phone")) {
            stream.awaitEvent("caught_up");

            var head = delivery.exchange(
                    "HEAD",
                    "/v1/devices/" + device + "/stream?consumer=phone",
                    null,
                    delivery.token(RunningDelivery.USER));

            delivery.publish(device, "event-1", "{}");
            stream.awaitEvent("message");
            assertThat(stream.lines()).doesNotContain("event: superseded");
            assertThat(head.status()).isEqualTo(405);
        }
    }

    /** The lines of a stream as they arrive. */
    private static final class Lines implements AutoCloseable {

        private final HttpResponse<InputStream> answer;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private volatile boolean over;

        private Lines(HttpResponse<InputStream> answer) {
            this.answer = answer;
        }

        static Lines of(String device) throws IOException, InterruptedException {
            return of(device, "Accept", "text/event-stream");
        }

        static Lines of(String device, String header, String value) throws IOException, InterruptedException {
            return of(device, header, value, "");
        }

        static Lines of(String device, String header, String value, String query)
                throws IOException, InterruptedException {
            var request = delivery.request(
                            "GET",
                            "/v1/devices/" + device + "/stream" + query,
                            null,
                            delivery.token(RunningDelivery.USER))
                    .header(header, value)
                    .build();
            var stream = new Lines(delivery.client().send(request, BodyHandlers.ofInputStream()));
            Thread.ofVirtual().start(stream::read);
            return stream;
        }

        int status() {
            return answer.statusCode();
        }

        String header(String name) {
            return answer.headers().firstValue(name).orElse("");
        }

        List<String> lines() {
            return lines;
        }

        boolean isOver() {
            return over;
        }

        /** The lines of the first event of this name, once it is complete. */
        List<String> awaitEvent(String name) {
            return await().until(() -> event(name), event -> !event.isEmpty());
        }

        private List<String> event(String name) {
            var event = new ArrayList<String>();
            for (var line : lines) {
                if (!line.isEmpty()) {
                    event.add(line);
                } else if (event.contains("event: " + name)) {
                    return event;
                } else {
                    event.clear();
                }
            }
            return List.of();
        }

        private void read() {
            try (var reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                // Closed by the test.
            } finally {
                over = true;
            }
        }

        @Override
        public void close() throws IOException {
            answer.body().close();
        }
    }
}
