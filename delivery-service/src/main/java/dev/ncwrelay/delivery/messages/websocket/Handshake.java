package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.problem.ProblemWriter;
import dev.ncwrelay.delivery.security.DeviceOwnership;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.util.UriTemplate;

/** Rejects a WebSocket for another user's device or with another subprotocol, with the same problem as any request. */
final class Handshake implements HandshakeInterceptor {

    static final String PATH = "/v1/devices/{deviceId}/ws";

    private static final UriTemplate TEMPLATE = new UriTemplate(PATH);
    private static final String DEVICE = "device";

    private final DeviceOwnership ownership;

    Handshake(DeviceOwnership ownership) {
        this.ownership = ownership;
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
            UpgradeRequestCheck.check(request);
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
            ProblemWriter.write(
                    ((ServletServerHttpRequest) request).getServletRequest(),
                    ((ServletServerHttpResponse) response).getServletResponse(),
                    problem);
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
