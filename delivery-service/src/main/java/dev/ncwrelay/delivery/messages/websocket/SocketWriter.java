package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.problem.ProblemMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** Sends messages to the client, one at a time. */
final class SocketWriter {

    private final WebSocketSession session;
    private final JsonMapper json;
    private final ReentrantLock sendLock = new ReentrantLock();

    SocketWriter(WebSocketSession session, JsonMapper json) {
        this.session = session;
        this.json = json;
    }

    /** Sends a message of this type. */
    void sendMessage(String type, Map<String, Object> members) throws IOException {
        var all = new LinkedHashMap<String, Object>();
        all.put("type", type);
        all.putAll(members);
        text(json.writeValueAsBytes(all));
    }

    /** Sends a failure as its problem, in a message of this type. */
    void sendFailure(String type, Failure failure, Map<String, Object> members) throws IOException {
        var body = ProblemMapper.of(failure).getBody();
        var all = new LinkedHashMap<String, Object>();
        all.put("problem", String.valueOf(body.getType()));
        all.put("detail", String.valueOf(body.getDetail()));
        if (body.getProperties() != null) {
            all.putAll(body.getProperties());
        }
        all.putAll(members);
        sendMessage(type, all);
    }

    /** Sends a message that is JSON already. */
    void text(byte[] message) throws IOException {
        send(new TextMessage(message));
    }

    void ping() throws IOException {
        send(new PingMessage());
    }

    private void send(WebSocketMessage<?> message) throws IOException {
        try {
            // Interruptible, so that a sender behind a blocked write can be cancelled.
            sendLock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("cancelled before it was sent");
        }
        try {
            session.sendMessage(message);
        } finally {
            sendLock.unlock();
        }
    }
}
