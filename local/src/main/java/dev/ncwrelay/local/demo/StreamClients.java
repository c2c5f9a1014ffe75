package dev.ncwrelay.local.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows a stream until its next message, over server-sent events or WebSocket. */
public final class StreamClients {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TIMEOUT_SECONDS = 20;

    private final HttpClient client;

    public StreamClients(HttpClient client) {
        this.client = client;
    }

    /** The next message after the cursor, by server-sent events; missing when the stream ends before. */
    public JsonNode nextEvent(String url, Map<String, String> headers, String cursor) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url)).header("Last-Event-ID", cursor);
        headers.forEach(request::header);
        try {
            var answer = client.send(request.build(), BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                boolean isMessage = false;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        isMessage = line.equals("event: message");
                    } else if (isMessage && line.startsWith("data: ")) {
                        return JSON.readTree(line.substring("data: ".length()));
                    }
                }
            }
        } catch (IOException e) {
            return JSON.missingNode();
        }
        return JSON.missingNode();
    }

    /** The next message after the cursor, by WebSocket. */
    public CompletableFuture<JsonNode> nextSocketMessage(String url, String authorization, String cursor) {
        var found = new CompletableFuture<JsonNode>();
        var socket = client.newWebSocketBuilder()
                .subprotocols("ncw.relay.v1+json")
                .header("Authorization", authorization)
                .buildAsync(URI.create(url), new Listening(found))
                .join();
        var _ = socket.sendText("{\"type\":\"hello\",\"after\":\"" + cursor + "\"}", true);
        return found.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).whenComplete((_, _) -> socket.abort());
    }

    private static final class Listening implements WebSocket.Listener {

        private final CompletableFuture<JsonNode> found;
        private final StringBuilder partial = new StringBuilder();

        private Listening(CompletableFuture<JsonNode> found) {
            this.found = found;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            partial.append(text);
            if (last) {
                var frame = JSON.readTree(partial.toString());
                partial.setLength(0);
                if (frame.path("type").asString().equals("msg")) {
                    found.complete(frame.path("message"));
                }
            }
            socket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            found.completeExceptionally(error);
        }
    }
}
