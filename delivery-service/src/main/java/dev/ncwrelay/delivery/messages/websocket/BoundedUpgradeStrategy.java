package dev.ncwrelay.delivery.messages.websocket;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.adapter.jetty.JettyWebSocketHandlerAdapter;
import org.springframework.web.socket.adapter.jetty.JettyWebSocketSession;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;

/** Spring's upgrade to a WebSocket, with {@link TextMessageAssembler} in front of its adapter. */
final class BoundedUpgradeStrategy extends JettyRequestUpgradeStrategy {

    private final ConnectionContext context;

    BoundedUpgradeStrategy(ConnectionContext context) {
        this.context = context;
    }

    @Override
    public void upgrade(
            ServerHttpRequest request,
            ServerHttpResponse response,
            @Nullable String selectedProtocol,
            List<WebSocketExtension> selectedExtensions,
            @Nullable Principal user,
            WebSocketHandler handler,
            Map<String, Object> attributes) {
        var servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
        var servletResponse = ((ServletServerHttpResponse) response).getServletResponse();
        var session = new JettyWebSocketSession(attributes, user);
        var text = new TextMessageAssembler(context, new JettyWebSocketHandlerAdapter(handler, session), session);
        try {
            JettyWebSocketServerContainer.getContainer(servletRequest.getServletContext())
                    .upgrade(
                            (_, accepted) -> {
                                if (selectedProtocol != null) {
                                    accepted.setAcceptedSubProtocol(selectedProtocol);
                                }
                                return text;
                            },
                            servletRequest,
                            servletResponse);
        } catch (Exception e) {
            throw new HandshakeFailureException(
                    "the request " + request.getURI().getPath() + " could not be upgraded", e);
        }
    }
}
