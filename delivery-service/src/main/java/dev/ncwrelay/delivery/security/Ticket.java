package dev.ncwrelay.delivery.security;

import java.time.Instant;

/**
 * Opens a stream or WebSocket for a browser, which cannot send a header with it; {@code toString} is masked.
 *
 * @param ticket goes into the query as {@code ticket}
 * @param expiresAt after which it is not valid
 */
record Ticket(String ticket, Instant expiresAt) {

    @Override
    public String toString() {
        return "Ticket[masked]";
    }
}
