package dev.ncwrelay.channel.wake;

import java.time.Duration;

/** What a push service did with a message. */
public sealed interface PushOutcome {

    /** It is responsible for the message now. */
    record Accepted() implements PushOutcome {}

    /** The token is no longer valid, and never will be again. */
    record TokenGone(String reason) implements PushOutcome {}

    /** The message is not what the service expects. Sent again, it would be refused again. */
    record Rejected(String reason) implements PushOutcome {}

    /**
     * Not accepted at present.
     *
     * @param reason what to do about it, if anything
     * @param pause at least so long until the next attempt
     */
    record Postponed(String reason, Duration pause) implements PushOutcome {}

    /**
     * Not accepted at present because the service of the token's platform refuses the push service. It says nothing of other
     * platforms.
     *
     * @param reason what to do about it
     * @param pause at least so long until the next attempt
     */
    record PlatformRefused(String reason, Duration pause) implements PushOutcome {}
}
