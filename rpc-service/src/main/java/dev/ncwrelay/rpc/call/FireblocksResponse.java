package dev.ncwrelay.rpc.call;

import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A response of Fireblocks, unchanged.
 *
 * @param contentType for information: Fireblocks does not always send the right one
 * @param retryAfter that header (RFC 9110 section 10.2.3), not parsed
 * @param date that header (RFC 9110 section 6.6.1), Fireblocks' time, not parsed
 */
public record FireblocksResponse(
        int status,
        @Nullable String contentType,
        @Nullable String retryAfter,
        @Nullable String date,
        ByteString body) {

    /** Without the content of the body. */
    @Override
    public String toString() {
        return "FireblocksResponse[status=" + status + ", " + body.size() + " bytes]";
    }
}
