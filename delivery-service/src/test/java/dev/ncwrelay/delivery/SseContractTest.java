package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SseContractTest extends DeliveryContract {

    @Override
    StreamClient connect(RunningDelivery service, String device, @Nullable String consumer, @Nullable String after) {
        return EventSource.open(service, device, consumer, after, null);
    }

    @Override
    String farewell() {
        return "reconnect";
    }

    @Test
    void stream_reportsThatItHasCaughtUp() {
        var device = delivery().device();
        var ids = publish(device, 0, 3);
        try (var client = connect(device, null, null)) {
            await().until(client::isCaughtUp);
            assertThat(client.ids()).isEqualTo(ids);
        }
    }

    @Test
    void stream_continuesFromLastEventId_notFromItsQuery() {
        var device = delivery().device();
        var ids = publish(device, 0, 6);
        String cursor;
        try (var client = connect(device, null, "earliest")) {
            received(client, ids);
            cursor = client.messages().get(3).path("cursor").asString();
        }
        try (var client = EventSource.open(delivery(), device, null, "earliest", cursor)) {
            received(client, ids.subList(4, 6));
        }
    }

    @Test
    void rejectedStream_isAProblem() {
        var device = delivery().device();
        for (var refused : Map.of(
                        "/v1/devices/nobody/stream",
                        404,
                        "/v1/devices/" + device + "/stream?after=junk",
                        410,
                        "/v1/devices/" + device + "/stream?after=1:2",
                        400,
                        "/v1/devices/" + device + "/stream?consumer=a%20b",
                        400)
                .entrySet()) {
            var request =
                    delivery().request("GET", refused.getKey(), null, delivery().token(RunningDelivery.USER));
            var answer = delivery()
                    .send(request.setHeader("Accept", "text/event-stream").build())
                    .join();
            assertThat(answer.status()).as(refused.getKey()).isEqualTo(refused.getValue());
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }
    }

    /** A minimal EventSource. */
    private static final class EventSource extends StreamClient {

        private static final JsonMapper JSON = JsonMapper.shared();

        private final InputStream body;

        private EventSource(InputStream body) {
            this.body = body;
        }

        static EventSource open(
                RunningDelivery delivery,
                String device,
                @Nullable String consumer,
                @Nullable String after,
                @Nullable String lastEventId) {
            var query = new HashMap<String, String>();
            if (consumer != null) {
                query.put("consumer", consumer);
            }
            if (after != null) {
                query.put("after", after);
            }
            var path = new StringBuilder("/v1/devices/" + device + "/stream?");
            query.forEach((name, value) -> path.append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                    .append('&'));
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + delivery.port() + path))
                    .header("Authorization", "Bearer " + delivery.token(RunningDelivery.USER))
                    .header("Accept", "text/event-stream");
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            try {
                var answer = delivery.client().send(request.build(), BodyHandlers.ofInputStream());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("text/event-stream");
                var source = new EventSource(answer.body());
                Thread.ofVirtual().start(source::read);
                return source;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void read() {
            try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                var event = "message";
                var data = new StringBuilder();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        event = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        data.append(line.substring(6)).append('\n');
                    } else if (line.isEmpty() && !data.isEmpty()) {
                        dispatch(event, data.toString());
                        event = "message";
                        data.setLength(0);
                    }
                }
                end("gone");
            } catch (IOException e) {
                end("gone");
            }
        }

        private void dispatch(String event, String data) {
            switch (event) {
                case "message" -> message(JSON.readTree(data));
                case "caught_up" -> caughtUp();
                case "reset" -> {
                    gap(JSON.readTree(data));
                    end("reset");
                }
                default -> end(event);
            }
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
