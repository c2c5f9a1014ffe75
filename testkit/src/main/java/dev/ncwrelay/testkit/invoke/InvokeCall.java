package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One accepted call of the invoke RPC.
 *
 * @param receivedAt when the call was read to its end
 * @param payload the string that the device's SDK emitted
 * @param method the SDK method that the payload names; empty if it names none
 * @param nonce the nonce of the call's token
 * @param body the raw request body
 * @param headers names in any case
 */
public record InvokeCall(
        Instant receivedAt,
        String walletId,
        String deviceId,
        String apiKey,
        String nonce,
        String method,
        String payload,
        Bytes body,
        Map<String, String> headers) {

    /** The value of the header {@code Idempotency-Key}. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(headers.get("Idempotency-Key"));
    }

    /** The {@code method} member of an SDK payload; empty if the payload is something else. */
    static String methodOf(String payload) {
        try {
            return JsonMapper.shared().readTree(payload).path("method").asString("");
        } catch (JacksonException notJson) {
            return "";
        }
    }

    /** Leaves payload and headers out. */
    @Override
    public String toString() {
        return "InvokeCall[" + receivedAt + " " + method + " of device " + deviceId + " of wallet " + walletId + "]";
    }
}
