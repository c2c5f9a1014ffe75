package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.subscription.SendWindow;
import dev.ncwrelay.delivery.messages.subscription.Subscription;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import dev.ncwrelay.delivery.security.TokenExpiry;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/** One WebSocket of one device: handles the messages of the client in order, and sends the stream concurrently. */
final class WebSocketConnection {

    static final String ATTRIBUTE = "connection";

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DISCONNECT_DELAY = Duration.ofSeconds(2);
    private static final int MAX_UNWRITTEN_ACKS = 1_000;

    private final ConnectionContext context;
    private final WebSocketSession session;
    private final RegisteredDevice device;
    private final SocketWriter writer;
    private final SocketCalls calls;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger unwrittenAcks = new AtomicInteger();
    private volatile String consumer = "";
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable SendWindow window;
    private volatile @Nullable Future<?> timer;

    WebSocketConnection(
            ConnectionContext context, WebSocketSession session, RegisteredDevice device, Authentication caller) {
        this.context = context;
        this.session = session;
        this.device = device;
        this.writer = new SocketWriter(session, context.json());
        this.calls = new SocketCalls(context, device, writer, () -> close(CloseCode.FORBIDDEN));
        var _ = context.after(HELLO_TIMEOUT, () -> {
            if (subscription == null) {
                close(CloseCode.HELLO_MISSING);
            }
        });
        expireAfter(TokenExpiry.of(caller));
    }

    /** The connection that belongs to the session. */
    static WebSocketConnection of(WebSocketSession session) {
        return (WebSocketConnection)
                Objects.requireNonNull(session.getAttributes().get(ATTRIBUTE));
    }

    /** Handles one message of the client. */
    void receive(String text) throws IOException {
        ClientMessage message;
        try {
            message = context.json().readValue(text, ClientMessage.class);
        } catch (RuntimeException e) {
            refuse(new Failure.InvalidRequest(
                    "a JSON object is expected whose type is hello, ack, credit, rpc or token, with the"
                            + " members of that type and no others"));
            return;
        }
        try {
            if (subscription == null && !(message instanceof ClientMessage.Hello)) {
                // Before it, acknowledgements would be those of the unnamed consumer.
                throw new Failure.InvalidRequest("a hello is expected first").exception();
            }
            if (!context.isCurrent(device)) {
                close(CloseCode.FORBIDDEN);
                return;
            }
            switch (message) {
                case ClientMessage.Hello hello -> begin(hello);
                case ClientMessage.Ack(var ack) -> acknowledge(ack);
                case ClientMessage.Credit(long n) -> grant(n);
                case ClientMessage.Rpc(var id, var payload) -> calls.call(id, payload);
                case ClientMessage.Token(var token) -> renew(token);
            }
        } catch (FailureException refused) {
            refuse(refused.failure());
        }
    }

    /** Rejects an incomplete message; the rest of it is not awaited. */
    void refuseText(Failure failure) {
        try {
            refuse(failure);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("error not sent, socket closed");
        }
        if (session instanceof NativeWebSocketSession sending) {
            disconnectLater(sending);
        }
    }

    /** The client has disconnected. */
    void ended() {
        closed.set(true);
        var running = subscription;
        if (running != null) {
            running.stop(SubscriptionEnd.CLIENT_GONE);
        }
        cancel(timer);
    }

    private void begin(ClientMessage.Hello hello) throws IOException {
        if (subscription != null) {
            throw new Failure.InvalidRequest("one hello is expected, at the beginning").exception();
        }
        consumer = ConsumerName.checked(hello.consumer());
        int most = context.subscriptions().settings().window();
        int size = hello.window() == null ? most : Math.clamp(hello.window(), 1, most);
        long credit = hello.credit() == null ? Long.MAX_VALUE : Math.max(0, hello.credit());
        var room = new SendWindow(size, credit);
        var from = context.positioning().require(device, consumer, hello.after());
        var opened = context.subscriptions()
                .open(
                        device,
                        consumer,
                        from,
                        room,
                        new WebSocketSubscriber(writer, context.json(), welcome(size), this::close),
                        context.subscriptions().settings().life());
        window = room;
        subscription = opened;
        context.workers().execute(() -> {
            var _ = context.subscriptions().follow(opened, "websocket");
        });
        if (closed.get()) {
            opened.stop(SubscriptionEnd.CLIENT_GONE);
        }
    }

    private Map<String, Object> welcome(int size) {
        return Map.of(
                "consumer",
                consumer,
                "window",
                size,
                "heartbeatSeconds",
                context.subscriptions().settings().heartbeat().toSeconds());
    }

    private void acknowledge(@Nullable String cursor) throws IOException {
        if (cursor == null) {
            throw new Failure.InvalidRequest("ack, a cursor, is expected").exception();
        }
        if (unwrittenAcks.incrementAndGet() > MAX_UNWRITTEN_ACKS) {
            throw new Failure.Unavailable("too many acknowledgements are not stored yet").exception();
        }
        long offset = context.positioning().require(device, cursor);
        var _ = context.acknowledging()
                .upTo(device, consumer, offset)
                .whenCompleteAsync((_, failure) -> acknowledged(cursor, offset, failure), context.workers());
    }

    private void acknowledged(String cursor, long offset, @Nullable Throwable failure) {
        unwrittenAcks.decrementAndGet();
        try {
            if (failure != null) {
                refuse(FailureException.of(failure)
                        .orElse(new Failure.Unavailable("the acknowledgement could not be stored")));
                return;
            }
            writer.sendMessage("acked", Map.of("ack", cursor));
        } catch (IOException e) {
            log.atDebug().setCause(e).log("acknowledgement not confirmed, socket closed");
        }
        var room = window;
        if (room != null) {
            room.acknowledged(offset);
            windowOpened();
        }
    }

    private void grant(long messages) {
        var room = window;
        if (room == null || messages < 1) {
            throw new Failure.InvalidRequest("n, a positive number of messages, is expected, after the hello")
                    .exception();
        }
        room.grant(messages);
        windowOpened();
    }

    private void windowOpened() {
        var running = subscription;
        if (running != null) {
            running.windowOpened();
        }
    }

    private void renew(@Nullable String token) throws IOException {
        if (token == null) {
            throw new Failure.InvalidRequest("token, a bearer token, is expected").exception();
        }
        try {
            var renewed = context.tokens().decode(token);
            if (!device.userId().equals(renewed.getSubject())) {
                close(CloseCode.FORBIDDEN);
                return;
            }
            expireAfter(TokenExpiry.of(renewed));
        } catch (BadJwtException e) {
            close(CloseCode.TOKEN_EXPIRED);
        } catch (JwtException e) {
            // The token cannot be validated now; the previous one stays valid until it expires.
            writer.sendFailure("error", new Failure.Unavailable("the issuer's keys cannot be fetched"), Map.of());
        }
    }

    private void refuse(Failure failure) throws IOException {
        var code = CloseCode.of(failure);
        writer.sendFailure(code == CloseCode.RESET ? "reset" : "error", failure, Map.of());
        close(code);
    }

    private void expireAfter(Duration life) {
        cancel(timer);
        timer = context.after(life, () -> close(CloseCode.TOKEN_EXPIRED));
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void close(CloseCode code) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        var running = subscription;
        if (running != null) {
            running.stop(SubscriptionEnd.STOPPED);
        }
        cancel(timer);
        try {
            session.close(code.status());
        } catch (IOException e) {
            log.atDebug().setCause(e).log("socket already closed");
        }
        if (code == CloseCode.SLOW && session instanceof NativeWebSocketSession unread) {
            // The close frame would wait behind unread data.
            disconnectLater(unread);
        }
    }

    private void disconnectLater(NativeWebSocketSession unread) {
        var _ = context.after(DISCONNECT_DELAY, () -> disconnect(unread));
    }

    private static void disconnect(NativeWebSocketSession session) {
        var socket = session.getNativeSession(Session.class);
        if (socket != null) {
            socket.disconnect();
        }
    }
}
