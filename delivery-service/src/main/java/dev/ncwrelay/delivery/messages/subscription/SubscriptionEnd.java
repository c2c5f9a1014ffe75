package dev.ncwrelay.delivery.messages.subscription;

import java.util.Locale;

/** How a subscription ended; each ends in exactly one way, which is counted. */
public enum SubscriptionEnd {
    /** The client disconnected. */
    CLIENT_GONE,
    /** The maximum lifetime is reached, or a dependency is unavailable; the client may reconnect at once. */
    RECONNECT,
    /** The node is shutting down; the client may reconnect at once, to another node. */
    SHUTTING_DOWN,
    /** A newer connection or poll of the same consumer superseded this one. */
    SUPERSEDED,
    /** Messages after its position are no longer available; the client was sent the position to continue with. */
    RESET,
    /** The client did not read what was sent to it. */
    CLIENT_SLOW,
    /** The device's ownership ended. */
    FORBIDDEN,
    /** The transport ended it, for its own reason. */
    STOPPED,
    /** Unexpected failure; see the service's log. */
    FAILED;

    /** The value of the metric's {@code result} tag. */
    public String result() {
        return name().toLowerCase(Locale.ROOT);
    }
}
