package dev.ncwrelay.delivery.websocket;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.util.UriTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Refuses, with the problem that any request would get, a socket that is not its caller's or speaks no such protocol. */
final class Handshake implements HandshakeInterceptor {

    static final String PATH = "/v1/devices/{deviceId}/ws";

    private static final UriTemplate TEMPLATE = new UriTemplate(PATH);
    private static final String DEVICE = "device";

    private final Ownership ownership;
    private final JsonMapper json;

    Handshake(Ownership ownership, JsonMapper json) {
        this.ownership = ownership;
        this.json = json;
    }

    static RegisteredDevice device(Map<String, Object> attributes) {
        return (RegisteredDevice) Objects.requireNonNull(attributes.get(DEVICE));
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes)
            throws IOException {
        try {
            var deviceId = Objects.requireNonNull(
                    TEMPLATE.match(request.getURI().getPath()).get("deviceId"));
            attributes.put(DEVICE, ownership.require(deviceId, (Authentication)
                    Objects.requireNonNull(request.getPrincipal())));
            if (!new WebSocketHttpHeaders(request.getHeaders())
                    .getSecWebSocketProtocol()
                    .contains(SocketHandler.PROTOCOL)) {
                throw Problem.badRequest(
                        "the header Sec-WebSocket-Protocol is expected to offer " + SocketHandler.PROTOCOL);
            }
            return true;
        } catch (ErrorResponseException problem) {
            response.setStatusCode(problem.getStatusCode());
            response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            response.getHeaders().setCacheControl("no-store");
            response.getBody().write(json.writeValueAsBytes(problem.getBody()));
            return false;
        }
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception failure) {}
}
