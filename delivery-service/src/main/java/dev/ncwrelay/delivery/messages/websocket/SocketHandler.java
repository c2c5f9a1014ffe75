package dev.ncwrelay.delivery.messages.websocket;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.springframework.security.core.Authentication;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** Passes the events of a WebSocket to its connection. */
final class SocketHandler extends TextWebSocketHandler implements SubProtocolCapable {

    static final String PROTOCOL = "ncw.relay.v1+json";

    private final ConnectionContext context;

    SocketHandler(ConnectionContext context) {
        this.context = context;
    }

    @Override
    public List<String> getSubProtocols() {
        return List.of(PROTOCOL);
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        var attributes = session.getAttributes();
        attributes.put(
                WebSocketConnection.ATTRIBUTE,
                new WebSocketConnection(context, session, Handshake.device(attributes), (Authentication)
                        Objects.requireNonNull(session.getPrincipal())));
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        WebSocketConnection.of(session).receive(message.getPayload());
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        WebSocketConnection.of(session).ended();
    }
}
