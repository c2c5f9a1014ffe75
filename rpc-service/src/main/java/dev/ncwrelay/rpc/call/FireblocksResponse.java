package dev.ncwrelay.rpc.call;

import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What Fireblocks answered, as it came.
 *
 * @param contentType for information: Fireblocks does not always name the right one
 * @param retryAfter the header of that name (RFC 9110 section 10.2.3), unread
 * @param date Fireblocks' time, the header of that name (RFC 9110 section 6.6.1), unread
 */
public record FireblocksResponse(
        int status,
        @Nullable String contentType,
        @Nullable String retryAfter,
        @Nullable String date,
        ByteString body) {

    /** Leaves the body's content out. */
    @Override
    public String toString() {
        return "Answer[status=" + status + ", " + body.size() + " bytes]";
    }
}
