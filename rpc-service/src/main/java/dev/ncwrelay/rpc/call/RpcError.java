package dev.ncwrelay.rpc.call;

import java.util.Set;
import okio.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Distinguishes an error of the RPC, which is for the SDK, from an error of the HTTP API. Fireblocks does not document
 * the status of RPC errors; the SDK branches on their code (1001, 1002, 1006), so they must reach it. Their shape is
 * {@code {"error":{"message":...,"code":...}}}; in errors of the API, {@code error} is text, has a {@code type}, or is
 * absent.
 */
final class RpcError {

    /**
     * Statuses after which the call was not executed, whatever the body: unauthenticated, request timeout, too many
     * requests.
     */
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
