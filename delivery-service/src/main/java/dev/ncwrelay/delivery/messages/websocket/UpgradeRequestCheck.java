package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.problem.HttpStatusProblems;
import dev.ncwrelay.delivery.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.socket.WebSocketHttpHeaders;

/** Validates the opening request of a WebSocket (RFC 6455 section 4.2.1); Spring rejects others without a body. */
final class UpgradeRequestCheck {

    private static final String VERSION = "13";

    private UpgradeRequestCheck() {}

    /** @throws ErrorResponseException 400, 405 or 426 */
    static void check(ServerHttpRequest request) {
        var headers = request.getHeaders();
        if (!request.getMethod().equals(HttpMethod.GET)) {
            throw refused(HttpStatus.METHOD_NOT_ALLOWED, HttpHeaders.ALLOW, "GET");
        }
        if (!hasToken(headers.getOrEmpty(HttpHeaders.UPGRADE), "websocket")
                || !hasToken(headers.getOrEmpty(HttpHeaders.CONNECTION), "upgrade")) {
            throw Problem.badRequest("the headers Upgrade: websocket and Connection: Upgrade are expected");
        }
        if (!VERSION.equals(headers.getFirst(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION))) {
            throw refused(HttpStatus.UPGRADE_REQUIRED, WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, VERSION);
        }
        if (!isKey(headers.getFirst(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY)) || !hasReadableExtensions(headers)) {
            throw Problem.badRequest(
                    "a Sec-WebSocket-Key of 16 bytes in base64 and well-formed extensions are expected");
        }
    }

    private static boolean hasToken(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(one -> one.strip().equalsIgnoreCase(token));
    }

    private static boolean isKey(@Nullable String key) {
        return key != null && key.matches("[A-Za-z0-9+/]{22}==");
    }

    /** Parsed in the same way as by the container. */
    private static boolean hasReadableExtensions(HttpHeaders headers) {
        try {
            new WebSocketHttpHeaders(headers).getSecWebSocketExtensions();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static ErrorResponseException refused(HttpStatus status, String header, String value) {
        var refused = new ErrorResponseException(status, HttpStatusProblems.of(status.value()), null);
        refused.getHeaders().set(header, value);
        return refused;
    }
}
