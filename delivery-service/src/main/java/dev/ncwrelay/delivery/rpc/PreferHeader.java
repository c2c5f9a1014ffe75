package dev.ncwrelay.delivery.rpc;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The Prefer header (RFC 7240): {@code respond-async}, and {@code wait}, how many seconds to wait before that. Unknown
 * or malformed preferences are ignored.
 */
record PreferHeader(boolean respondAsync, Duration waitTime) {

    private static final String WAIT = "wait=";

    static PreferHeader of(@Nullable String header) {
        boolean respondAsync = false;
        var waitTime = Duration.ZERO;
        for (var entry :
                header == null ? new String[0] : header.toLowerCase(Locale.ROOT).split("[,;]", -1)) {
            var preference = entry.strip();
            respondAsync |= preference.equals("respond-async");
            if (preference.startsWith(WAIT)
                    && preference.substring(WAIT.length()).matches("\\d{1,5}")) {
                waitTime = Duration.ofSeconds(Long.parseLong(preference.substring(WAIT.length())));
            }
        }
        return new PreferHeader(respondAsync, waitTime);
    }
}
