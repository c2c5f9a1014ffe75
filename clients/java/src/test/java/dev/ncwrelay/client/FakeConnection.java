package dev.ncwrelay.client;

/** A stream or WebSocket of the {@link FakeRelay}. */
interface FakeConnection {

    /** There may be a message. */
    void wake();

    /** Ends as on a node that stops. */
    void farewell();

    /** Ends if it is this consumer's. */
    void supersede(String consumer);

    /** Ends with this close code, if it is a WebSocket. */
    default void close(int code) {}
}
