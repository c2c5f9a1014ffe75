package dev.ncwrelay.client;

/** The ways in which messages can come. Each has the same guarantees and cursors. */
public enum Transport {
    /** WebSocket, then server-sent events, then long polling: the first that works here, which is remembered. */
    AUTO,
    WEBSOCKET,
    SSE,
    LONG_POLL
}
