package dev.ncwrelay.rpc.call;

import java.util.Set;
import okio.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an error of the RPC, which is the SDK's to read, from an error of the HTTP API. Fireblocks does not document
 * which status an RPC error comes with; the SDK branches on its code (1001, 1002, 1006), so it has to arrive. Its shape
 * is {@code {"error":{"message":...,"code":...}}}; the API's own errors have {@code error} as text, or with a {@code
 * type}, or no such member.
 */
final class RpcError {

    /** Unauthenticated, and to be repeated: whatever the body, the call was not carried out. */
    private static final Set<Integer> NON_RPC_STATUSES = Set.of(401, 408, 429);

    private static final JsonMapper JSON = new JsonMapper();

    private RpcError() {}

    static boolean isIn(int status, ByteString body) {
        if (status < 400 || status > 499 || NON_RPC_STATUSES.contains(status)) {
            return false;
        }
        try {
            var error = JSON.readTree(body.toByteArray()).path("error");
            return error.path("message").isString() && !error.has("type");
        } catch (JacksonException e) {
            return false;
        }
    }
}
