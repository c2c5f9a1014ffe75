package dev.ncwrelay.testkit.server;

/** A server on a fixed loopback port, which a test takes down and brings back. */
public interface Server extends AutoCloseable {

    /** Starts it, the first time or again with the same data, unless it runs; returns when it is ready. */
    void restart();

    /** Shuts it down in order; connections are refused then. */
    void stop();

    /** Ends it at once, as a crash does; {@link #restart} brings it back with its data. For a process of its own. */
    default void kill() {
        throw new UnsupportedOperationException("only a process of its own can be killed");
    }

    /** Halts it: the system still accepts connections and requests for it, and nothing is answered. */
    void pause();

    /** Continues it, if it is paused. */
    void resume();

    /** Ends it, paused or not, and deletes its data. */
    @Override
    void close();
}
