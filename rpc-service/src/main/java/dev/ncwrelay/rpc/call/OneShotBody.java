package dev.ncwrelay.rpc.call;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.ByteString;

/**
 * A body that OkHttp must not send twice. OkHttp by itself repeats calls when a pooled connection breaks, on 408, and
 * on 503 with {@code Retry-After: 0}, with the old token and whatever the method; a one-shot body prevents all three.
 */
final class OneShotBody extends RequestBody {

    /** Without a charset: JSON has no such parameter (RFC 8259 section 11). */
    private static final MediaType JSON = MediaType.get("application/json");

    private final ByteString bytes;

    OneShotBody(ByteString bytes) {
        this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
        return JSON;
    }

    @Override
    public long contentLength() {
        return bytes.size();
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
    }
}
