package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.http.BodyMeter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.adapter.jetty.JettyWebSocketHandlerAdapter;
import org.springframework.web.socket.adapter.jetty.JettyWebSocketSession;

/**
 * Assembles fragmented text messages within the limits of request bodies: Jetty itself would keep the fragments of each
 * WebSocket without a time limit. Everything else goes to Spring's adapter. Public for Jetty, which looks up its
 * methods.
 */
public final class TextMessageAssembler implements Session.Listener {

    private final ConnectionContext context;
    private final JettyWebSocketHandlerAdapter adapter;
    private final JettyWebSocketSession session;
    private final ReentrantLock lock = new ReentrantLock();
    private final StringBuilder text = new StringBuilder();
    private @Nullable BodyMeter meter;
    private @Nullable Future<?> timer;
    private boolean isRefused;

    TextMessageAssembler(
            ConnectionContext context, JettyWebSocketHandlerAdapter adapter, JettyWebSocketSession session) {
        this.context = context;
        this.adapter = adapter;
        this.session = session;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        adapter.onWebSocketOpen(opened);
    }

    @Override
    public void onWebSocketPartialText(String fragment, boolean isLast) {
        if (!add(fragment, isLast)) {
            session.getNativeSession().demand();
            return;
        }
        try {
            // Demands the next fragment after the message was handled.
            adapter.onWebSocketText(text.toString());
        } finally {
            release();
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        adapter.onWebSocketBinary(payload, callback);
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        adapter.onWebSocketPong(payload);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        release();
        adapter.onWebSocketError(cause);
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        release();
        adapter.onWebSocketClose(code, reason, callback);
    }

    /** Adds a fragment; true when the message is complete and can be handled. */
    private boolean add(String fragment, boolean isLast) {
        Optional<Failure> refusal;
        lock.lock();
        try {
            if (isRefused) {
                return false;
            }
            refusal = counted(fragment, isLast);
        } finally {
            lock.unlock();
        }
        refusal.ifPresent(WebSocketConnection.of(session)::refuseText);
        return isLast && refusal.isEmpty();
    }

    private Optional<Failure> counted(String fragment, boolean isLast) {
        try {
            if (meter == null) {
                meter = context.meter();
                if (!isLast) {
                    scheduleRateCheck();
                }
            }
            meter.count(fragment.getBytes(StandardCharsets.UTF_8).length);
            text.append(fragment);
            if (isLast) {
                // From here on the time is not the client's.
                cancelTimer();
            }
            return Optional.empty();
        } catch (FailureException refused) {
            return refused(refused.failure());
        }
    }

    /** A stalled message has no next fragment at which its rate would be checked. */
    private void checkRate() {
        Optional<Failure> refusal = Optional.empty();
        lock.lock();
        try {
            if (meter == null || timer == null) {
                return;
            }
            meter.requireRate();
            scheduleRateCheck();
        } catch (FailureException tooSlow) {
            refusal = refused(tooSlow.failure());
        } finally {
            lock.unlock();
        }
        refusal.ifPresent(WebSocketConnection.of(session)::refuseText);
    }

    private void scheduleRateCheck() {
        timer = context.after(context.http().rateWindow(), this::checkRate);
    }

    private Optional<Failure> refused(Failure refusal) {
        isRefused = true;
        reset();
        return Optional.of(refusal);
    }

    private void release() {
        lock.lock();
        try {
            reset();
        } finally {
            lock.unlock();
        }
    }

    private void reset() {
        text.setLength(0);
        text.trimToSize();
        if (meter != null) {
            meter.close();
            meter = null;
        }
        cancelTimer();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
