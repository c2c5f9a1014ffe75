package dev.ncwrelay.rpc.request;

import java.util.Map;
import okio.ByteString;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of an invoke call, encoded once and hashed once, so that the {@code bodyHash} of the token is of the exact
 * bytes that are sent, on every attempt.
 */
public final class InvokeBody {

    private final ByteString bytes;
    private final String sha256;

    private InvokeBody(ByteString bytes) {
        this.bytes = bytes;
        this.sha256 = bytes.sha256().hex();
    }

    /** The body with exactly this payload. */
    static InvokeBody of(String payload) {
        return new InvokeBody(ByteString.of(JsonMapper.shared().writeValueAsBytes(Map.of("payload", payload))));
    }

    public ByteString bytes() {
        return bytes;
    }

    /** Lower-case hex. */
    public String sha256() {
        return sha256;
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return "InvokeBody[" + bytes.size() + " bytes]";
    }
}
