package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import org.springframework.web.socket.CloseStatus;

/**
 * The reason for closing a WebSocket. Codes from 4000 are specific to this protocol (RFC 6455 section 7.4.2); the names
 * are stable.
 */
enum CloseCode {
    /** The client disconnected. */
    NORMAL(1000),
    /** Internal error; see the log of the service. */
    FAILED(1011),
    /** Reconnect at once with the current cursor: the node is shutting down, or the maximum duration was reached. */
    RECONNECT(1012),
    /** Reconnect later. */
    TRY_LATER(1013),
    /** The message is not valid in this protocol. */
    BAD_MESSAGE(4400),
    /** The token has expired without a new one, or a new one is not valid. */
    TOKEN_EXPIRED(4401),
    /** The token is not valid for this device. */
    FORBIDDEN(4403),
    /** No hello in time. */
    HELLO_MISSING(4408),
    /** Superseded by a newer connection or poll of this consumer. */
    SUPERSEDED(4409),
    /** Messages after the position are no longer available; a reset was sent before. */
    RESET(4410),
    /** The device has reached its limit of connections. */
    TOO_MANY(4429),
    /** The client did not read in time. */
    SLOW(4508);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    CloseStatus status() {
        return new CloseStatus(code, name().toLowerCase(java.util.Locale.ROOT));
    }

    /** The code for a failure that ends the connection. */
    static CloseCode of(Failure failure) {
        return switch (failure) {
            case Failure.PositionGone _ -> RESET;
            case Failure.Unavailable _, Failure.CallRefused _, Failure.CallFailed _, Failure.NoReply _ -> TRY_LATER;
            case Failure.TooManyConnections _, Failure.TooManyCalls _, Failure.TooManyLookups _ -> TOO_MANY;
            case Failure.InvalidRequest _,
                    Failure.UnknownDevice _,
                    Failure.ForeignDevice _,
                    Failure.UnknownMessages _,
                    Failure.TooManyConsumers _,
                    Failure.TooManyIndividualAcks _,
                    Failure.TooManySubscriptions _,
                    Failure.TooManySubscriptionsOfDevice _,
                    Failure.BodyTooLarge _,
                    Failure.BodyTooSlow _,
                    Failure.RequestIdInUse _,
                    Failure.UnknownRequest _ -> BAD_MESSAGE;
        };
    }

    static CloseCode of(SubscriptionEnd end) {
        return switch (end) {
            case CLIENT_GONE, STOPPED -> NORMAL;
            case RECONNECT, SHUTTING_DOWN -> RECONNECT;
            case SUPERSEDED -> SUPERSEDED;
            case RESET -> RESET;
            case FORBIDDEN -> FORBIDDEN;
            case CLIENT_SLOW -> SLOW;
            case FAILED -> FAILED;
        };
    }
}
