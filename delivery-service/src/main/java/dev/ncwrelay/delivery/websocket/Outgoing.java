package dev.ncwrelay.delivery.websocket;

import dev.ncwrelay.delivery.feed.Event;
import dev.ncwrelay.delivery.live.Sink;
import dev.ncwrelay.delivery.stream.Reason;
import dev.ncwrelay.delivery.wire.MessageJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** Everything the service says, one message after the other. */
final class Outgoing implements Sink {

    private final WebSocketSession session;
    private final JsonMapper json;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    Outgoing(WebSocketSession session, JsonMapper json) {
        this.session = session;
        this.json = json;
    }

    void welcome(String consumer, int window, long heartbeatSeconds) throws IOException {
        say("welcome", Map.of("consumer", consumer, "window", window, "heartbeatSeconds", heartbeatSeconds));
    }

    @Override
    public void message(Event event, String cursor) throws IOException {
        var body = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(body)) {
            generator.writeStartObject();
            // The message's own type is beside it: this one says what kind of word it is.
            generator.writeStringProperty("type", "msg");
            generator.writeName("message");
            MessageJson.write(generator, event, cursor);
            generator.writeEndObject();
        }
        send(new TextMessage(body.toByteArray()));
    }

    @Override
    public void caughtUp(String next) throws IOException {
        say("caught_up", Map.of("next", next));
    }

    @Override
    public void reset(Reason reason, String earliest) throws IOException {
        say("reset", Map.of("reason", reason.name().toLowerCase(Locale.ROOT), "earliest", earliest));
    }

    /** The close code says it. */
    @Override
    public void reconnect() {}

    @Override
    public void heartbeat() throws IOException {
        send(new PingMessage());
    }

    /** Says something of this type. */
    void say(String type, Map<String, Object> members) throws IOException {
        var all = new LinkedHashMap<String, Object>();
        all.put("type", type);
        all.putAll(members);
        send(new TextMessage(json.writeValueAsBytes(all)));
    }

    private void send(WebSocketMessage<?> message) throws IOException {
        oneAtATime.lock();
        try {
            session.sendMessage(message);
        } finally {
            oneAtATime.unlock();
        }
    }
}
