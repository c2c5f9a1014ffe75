package dev.ncwrelay.delivery.rpc;

import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.delivery.rpc.reply.RequestKey;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP response to the app. Any response of Fireblocks to the call is 200 with an unchanged body, errors included:
 * the SDK reads them, and ignores the body with any other status. Everything else is a problem with a stable
 * {@code code}.
 */
final class RpcResponse {

    private RpcResponse() {}

    static ResponseEntity<byte[]> answered(Reply.Answered reply) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(bytes(reply.body()));
    }

    /** The call continues; its response is available at the location. */
    static ResponseEntity<byte[]> pending(RequestKey request) {
        var body = JsonMapper.shared().writeValueAsBytes(Map.of("requestId", request.requestId(), "status", "pending"));
        return ResponseEntity.accepted()
                .location(UriComponentsBuilder.fromPath("/v1/devices/{device}/rpc/{request}")
                        .encode()
                        .buildAndExpand(request.deviceId(), request.requestId())
                        .toUri())
                .header(HttpHeaders.RETRY_AFTER, "1")
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }

    private static byte[] bytes(ByteBuffer body) {
        var bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        return bytes;
    }
}
