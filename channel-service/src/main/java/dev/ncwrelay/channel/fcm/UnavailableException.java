package dev.ncwrelay.channel.fcm;

import java.io.IOException;

/** FCM, or the token endpoint, has answered 503; or what was answered in place of FCM is not of its form. */
final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;
    private final String retryAfter;

    /**
     * One without a cause.
     *
     * @param reason for people
     * @param retryAfter the header, or an empty text
     */
    UnavailableException(String reason, String retryAfter) {
        super(reason);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    String reason() {
        return reason;
    }

    String retryAfter() {
        return retryAfter;
    }
}
