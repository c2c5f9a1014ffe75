package dev.ncwrelay.channel.wake;

import java.util.List;
import java.util.Optional;

/** A service that wakes phones and browsers. */
public interface PushService {

    /**
     * Most messages of one call. FCM would take more, but for them the owner and the acknowledgements are not looked at again
     * before they are sent.
     */
    int MAX_MESSAGES = 100;

    /** The kind of the subscriptions that have its tokens. */
    String kind();

    /**
     * Sends messages and waits for the outcome of each. Does not throw.
     *
     * @param messages at least one
     * @return the outcomes in the same order
     */
    List<PushOutcome> send(List<WakeUp> messages);

    /** Why it would accept nothing now and what to do about it, as far as is known without sending. May block. */
    Optional<String> check();
}
