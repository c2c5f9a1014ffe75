package dev.ncwrelay.bench.system;

import dev.ncwrelay.bench.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A registered device with a wallet and a user of its own.
 *
 * @param authorization its user's token, as a header has it
 */
public record Device(String id, String walletId, String authorization) {

    public Request poll(String body) {
        return post("/messages:poll", Map.of("Authorization", authorization), body);
    }

    public Request rpc(String requestId, String body) {
        return post("/rpc", Map.of("Authorization", authorization, "Request-Id", requestId), body);
    }

    private Request post(String path, Map<String, String> headers, String body) {
        return Request.post("/v1/devices/" + id + path, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
