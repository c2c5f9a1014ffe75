package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import java.io.IOException;

/** The client of a subscription. Each call returns when the connection has accepted the data, and may block. */
public interface Subscriber {

    /** Called once, first, when the subscription starts. */
    void opened() throws IOException;

    void message(Event event, String cursor) throws IOException;

    /** Called once, when all messages so far have been sent; later ones are sent as they arrive. */
    void caughtUp(String next) throws IOException;

    /** Messages after the position are no longer available; {@code earliest} is the earliest available position. */
    void reset(PositionLossReason reason, String earliest) throws IOException;

    void heartbeat() throws IOException;

    /** Called once, last, even if the client has disconnected. */
    void ended(SubscriptionEnd end) throws IOException;
}
