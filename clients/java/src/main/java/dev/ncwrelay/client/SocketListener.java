package dev.ncwrelay.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands what comes on a WebSocket to the thread that follows it. It asks for everything: credit bounds the messages, and
 * with single requests the JDK (25) reports the end of a cut connection less often still ({@link Liveness}).
 */
final class SocketListener implements WebSocket.Listener {

    private final BlockingQueue<SocketEvent> events;
    private final StringBuilder text = new StringBuilder();
    private volatile boolean isAbandoned;

    SocketListener(BlockingQueue<SocketEvent> events) {
        this.events = events;
    }

    /** A socket that opens after this is closed. */
    void abandon() {
        isAbandoned = true;
    }

    @Override
    public void onOpen(WebSocket socket) {
        if (isAbandoned) {
            socket.abort();
            return;
        }
        socket.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean isLast) {
        text.append(piece);
        if (isLast) {
            events.add(new SocketEvent.Text(text.toString()));
            text.setLength(0);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer payload) {
        events.add(new SocketEvent.Heartbeat());
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
        events.add(new SocketEvent.Heartbeat());
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        events.add(new SocketEvent.Closed(code));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable cause) {
        events.add(new SocketEvent.Failed(cause));
    }
}
