package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import java.io.IOException;

/** A client at the other end of a connection. Each call returns when the connection has taken it, and may block. */
public interface Subscriber {

    /** It begins; called once, before anything else. */
    void opened() throws IOException;

    void message(Event event, String cursor) throws IOException;

    /** All there is has been sent; from now on messages come as they happen. */
    void caughtUp(String next) throws IOException;

    /** Something after the position is gone; {@code earliest} is the first that can be served. */
    void reset(PositionLossReason reason, String earliest) throws IOException;

    void heartbeat() throws IOException;

    /** It has ended; called once, after everything else, whether the client still hears it or not. */
    void ended(SubscriptionEnd end) throws IOException;
}
