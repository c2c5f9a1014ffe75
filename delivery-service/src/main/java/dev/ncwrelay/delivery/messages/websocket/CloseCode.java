package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import org.springframework.web.socket.CloseStatus;

/** Why a socket is closed. Those from 4000 on are this protocol's own (RFC 6455 section 7.4.2); the names are stable. */
enum CloseCode {
    /** The client left. */
    NORMAL(1000),
    /** Something went wrong here; the log of the service says what. */
    FAILED(1011),
    /** Come back at once, with the cursor you have: the node is shutting down, or the connection has lasted long enough. */
    RECONNECT(1012),
    /** Come back a little later. */
    TRY_LATER(1013),
    /** A message that is none of this protocol. */
    BAD_MESSAGE(4400),
    /** The token has expired and no new one came, or one that is not valid. */
    TOKEN_EXPIRED(4401),
    /** The token is not good for this device. */
    FORBIDDEN(4403),
    /** No hello in time. */
    HELLO_MISSING(4408),
    /** A newer connection or poll of this consumer has taken the place. */
    SUPERSEDED(4409),
    /** Something after the position is gone; a reset came before this. */
    RESET(4410),
    /** The device has as many connections as it may. */
    TOO_MANY(4429),
    /** What was sent was not read in time. */
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
                    Failure.BodyTooLarge _,
                    Failure.BodyTooSlow _,
                    Failure.RequestIdInUse _,
                    Failure.UnknownRequest _ -> BAD_MESSAGE;
        };
    }

    static CloseCode of(SubscriptionEnd end) {
        return switch (end) {
            case GONE, STOPPED -> NORMAL;
            case RECONNECT, CLOSING -> RECONNECT;
            case SUPERSEDED -> SUPERSEDED;
            case RESET -> RESET;
            case FORBIDDEN -> FORBIDDEN;
            case SLOW -> SLOW;
            case FAILED -> FAILED;
        };
    }
}
