package dev.ncwrelay.rpc.reply;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The trace context of a request, which its reply gets too (W3C Trace Context, section 3.2). Clients send it, so only
 * values of that form are forwarded.
 */
final class TraceParent {

    private static final String NAME = "traceparent";
    private static final int LENGTH = 55;

    /** Version, trace id, parent id, flags; neither version ff nor an id of zeros is valid. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    static Optional<Header> of(Headers headers) {
        return Optional.ofNullable(headers.lastHeader(NAME)).filter(header -> isValid(header.value()));
    }

    private static boolean isValid(byte @Nullable [] value) {
        return value != null
                && value.length == LENGTH
                && FORM.matcher(new String(value, StandardCharsets.ISO_8859_1)).matches();
    }
}
