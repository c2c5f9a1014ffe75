package dev.ncwrelay.client;

/**
 * Decides what happens at a {@link Gap}. There is no default: an app that goes on must reload what the missing messages
 * would have changed.
 */
@FunctionalInterface
public interface GapPolicy {

    /** What to do. */
    enum Decision {
        /** Go on from the earliest cursor. */
        CONTINUE,
        /** End the stream with the code {@code position-gone}. */
        STOP
    }

    /**
     * Called by {@link MessageStream#next()}, on its caller's thread, when all messages before the gap were taken. What it
     * throws ends the stream.
     */
    Decision decide(Gap gap);

    /** Ends the stream at each gap. */
    static GapPolicy stop() {
        return gap -> Decision.STOP;
    }
}
