package dev.ncwrelay.delivery;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the WebSocket edge. */
final class SocketClient extends StreamClient implements WebSocket.Listener {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<Integer, String> WORDS = Map.of(1012, "reconnect", 4409, "superseded", 4410, "reset");

    private final List<JsonNode> said = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private volatile @Nullable WebSocket socket;
    private volatile int closeCode;
    private volatile boolean isPonged;

    /** Connects without sending a message. */
    static SocketClient open(RunningDelivery service, String device, String token) {
        var client = new SocketClient();
        client.socket = service.client()
                .newWebSocketBuilder()
                .subprotocols("ncw.relay.v1+json")
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://127.0.0.1:" + service.port() + "/v1/devices/" + device + "/ws"), client)
                .join();
        return client;
    }

    SocketClient hello(@Nullable String consumer, @Nullable String after, Map<String, Object> more) {
        var hello = new TreeMap<String, Object>(more);
        hello.put("type", "hello");
        if (consumer != null) {
            hello.put("consumer", consumer);
        }
        if (after != null) {
            hello.put("after", after);
        }
        return say(JSON.writeValueAsString(hello));
    }

    SocketClient say(String text) {
        var open = socket;
        if (open != null) {
            open.sendText(text, true).join();
        }
        return this;
    }

    /** Sends a part of a message. */
    SocketClient sayPart(String text) {
        var open = socket;
        if (open != null) {
            open.sendText(text, false).join();
        }
        return this;
    }

    SocketClient ping() {
        var open = socket;
        if (open != null) {
            open.sendPing(ByteBuffer.allocate(0)).join();
        }
        return this;
    }

    /** Whether a ping was answered. */
    boolean isPonged() {
        return isPonged;
    }

    /** The messages of this type from the service. */
    List<JsonNode> said(String type) {
        return said.stream()
                .filter(word -> word.path("type").asString().equals(type))
                .toList();
    }

    Optional<Integer> closeCode() {
        return closeCode == 0 ? Optional.empty() : Optional.of(closeCode);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        partial.append(text);
        if (last) {
            var word = JSON.readTree(partial.toString());
            partial.setLength(0);
            said.add(word);
            switch (word.path("type").asString()) {
                case "msg" -> message(word.path("message"));
                case "caught_up" -> caughtUp();
                case "reset" -> gap(word);
                default -> {}
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        isPonged = true;
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        end(WORDS.getOrDefault(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end("gone");
    }

    @Override
    public void close() {
        var open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
