package dev.ncwrelay.delivery.messages.subscription;

import java.util.Locale;

/** How a connection ended; each ends in one of these, and each is counted. */
public enum SubscriptionEnd {
    /** The client is no longer there. */
    GONE,
    /** It has lasted long enough, or what it needs is away; the client may come back at once. */
    RECONNECT,
    /** The node is shutting down; the client may come back at once, to another. */
    CLOSING,
    /** A newer connection or poll of the same consumer has taken the place. */
    SUPERSEDED,
    /** Something after its position is gone; the client has been told where to go on. */
    RESET,
    /** The client did not read what it was sent. */
    SLOW,
    /** The device has changed hands. */
    FORBIDDEN,
    /** The edge ended it, for a reason of its own. */
    STOPPED,
    /** Nobody foresaw it; the log says what it was. */
    FAILED;

    /** The value of the metric's {@code result} tag. */
    public String result() {
        return name().toLowerCase(Locale.ROOT);
    }
}
