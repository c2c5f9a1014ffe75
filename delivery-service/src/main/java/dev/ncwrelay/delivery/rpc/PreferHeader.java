package dev.ncwrelay.delivery.rpc;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client prefers (RFC 7240): {@code respond-async}, and {@code wait}, the seconds it would wait before that.
 * Other preferences, and what cannot be read, count as not said.
 */
record PreferHeader(boolean respondAsync, Duration waitTime) {

    private static final String WAIT = "wait=";

    static PreferHeader of(@Nullable String header) {
        boolean respondAsync = false;
        var patience = Duration.ZERO;
        for (var said :
                header == null ? new String[0] : header.toLowerCase(Locale.ROOT).split("[,;]", -1)) {
            var preference = said.strip();
            respondAsync |= preference.equals("respond-async");
            if (preference.startsWith(WAIT)
                    && preference.substring(WAIT.length()).matches("\\d{1,5}")) {
                patience = Duration.ofSeconds(Long.parseLong(preference.substring(WAIT.length())));
            }
        }
        return new PreferHeader(respondAsync, patience);
    }
}
