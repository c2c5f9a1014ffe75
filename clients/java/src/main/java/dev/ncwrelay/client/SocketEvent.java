package dev.ncwrelay.client;

import org.jspecify.annotations.Nullable;

/** What happens on a WebSocket, or to it. */
sealed interface SocketEvent {

    /** A message of the relay. */
    record Text(String text) implements SocketEvent {}

    /** A ping of the relay, or its answer to one. */
    record Heartbeat() implements SocketEvent {}

    /** The relay has closed it. */
    record Closed(int code) implements SocketEvent {}

    /** The connection was lost, or is of no use. */
    record Failed(@Nullable Throwable cause) implements SocketEvent {}

    /** The app has taken a message, begun to wait for one, or an acknowledgement was stored. */
    record Demanded() implements SocketEvent {}
}
