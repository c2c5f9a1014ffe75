package dev.ncwrelay.delivery.security;

import java.time.Instant;

/**
 * Lets a browser, which cannot send a header with a stream or a socket, open one. Never shows itself.
 *
 * @param ticket goes into the query as {@code ticket}
 * @param expiresAt after which it opens nothing any more
 */
record Ticket(String ticket, Instant expiresAt) {

    @Override
    public String toString() {
        return "Ticket[masked]";
    }
}
