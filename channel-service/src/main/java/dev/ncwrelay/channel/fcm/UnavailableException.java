package dev.ncwrelay.channel.fcm;

import java.io.IOException;

/** FCM, or the token endpoint, has answered 503. */
final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    private final String retryAfter;

    /** @param retryAfter the header, or an empty text */
    UnavailableException(String retryAfter) {
        super("service unavailable");
        this.retryAfter = retryAfter;
    }

    String retryAfter() {
        return retryAfter;
    }
}
