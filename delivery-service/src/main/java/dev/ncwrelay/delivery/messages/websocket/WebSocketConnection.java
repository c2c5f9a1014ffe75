package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.subscription.SendWindow;
import dev.ncwrelay.delivery.messages.subscription.Subscription;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import dev.ncwrelay.delivery.rpc.call.RpcFailures;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.delivery.security.TokenExpiry;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** One socket of one device: takes what the client says, in order, and follows the stream beside it. */
final class WebSocketConnection {

    static final String ATTRIBUTE = "connection";

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DISCONNECT_DELAY = Duration.ofSeconds(2);
    private static final int MAX_UNWRITTEN_ACKS = 1_000;

    private final ConnectionContext services;
    private final WebSocketSession session;
    private final RegisteredDevice device;
    private final SocketWriter outgoing;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger unwrittenAcks = new AtomicInteger();
    private volatile String consumer = "";
    private volatile @Nullable Subscription stream;
    private volatile @Nullable SendWindow window;
    private volatile @Nullable Future<?> timer;

    WebSocketConnection(
            ConnectionContext services, WebSocketSession session, RegisteredDevice device, Authentication caller) {
        this.services = services;
        this.session = session;
        this.device = device;
        this.outgoing = new SocketWriter(session, services.json());
        var _ = services.after(HELLO_TIMEOUT, () -> {
            if (stream == null) {
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

    /** Takes one message of the client. */
    void receive(String text) throws IOException {
        ClientMessage message;
        try {
            message = services.json().readValue(text, ClientMessage.class);
        } catch (RuntimeException e) {
            refuse(new Failure.InvalidRequest(
                    "a JSON object is expected whose type is hello, ack, credit, rpc or token, with the"
                            + " members of that type and no others"));
            return;
        }
        try {
            if (stream == null && !(message instanceof ClientMessage.Hello)) {
                // Before it, acknowledgements would be those of the consumer without a name.
                throw new Failure.InvalidRequest("a hello is expected first").exception();
            }
            if (!services.isCurrent(device)) {
                close(CloseCode.FORBIDDEN);
                return;
            }
            switch (message) {
                case ClientMessage.Hello hello -> begin(hello);
                case ClientMessage.Ack(var ack) -> acknowledge(ack);
                case ClientMessage.Credit(long n) -> grant(n);
                case ClientMessage.Rpc(var id, var payload) -> call(id, payload);
                case ClientMessage.Token(var token) -> renew(token);
            }
        } catch (FailureException refused) {
            refuse(refused.failure());
        }
    }

    /** Refuses a message that is not complete; what still comes of it is not waited for. */
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

    /** The client is gone. */
    void ended() {
        closed.set(true);
        var running = stream;
        if (running != null) {
            running.stop(SubscriptionEnd.GONE);
        }
        cancel(timer);
    }

    private void begin(ClientMessage.Hello hello) throws IOException {
        if (stream != null) {
            throw new Failure.InvalidRequest("one hello is expected, at the beginning").exception();
        }
        consumer = ConsumerName.checked(hello.consumer());
        int most = services.live().settings().window();
        int size = hello.window() == null ? most : Math.clamp(hello.window(), 1, most);
        long credit = hello.credit() == null ? Long.MAX_VALUE : Math.max(0, hello.credit());
        var room = new SendWindow(size, credit);
        var from = services.positioning().require(device, consumer, hello.after());
        var opened = services.live()
                .open(
                        device,
                        consumer,
                        from,
                        room,
                        new WebSocketSubscriber(outgoing, services.json(), welcome(size), this::close),
                        services.live().settings().life());
        window = room;
        stream = opened;
        services.workers().execute(() -> {
            var _ = services.live().follow(opened, "websocket");
        });
        if (closed.get()) {
            opened.stop(SubscriptionEnd.GONE);
        }
    }

    private Map<String, Object> welcome(int size) {
        return Map.of(
                "consumer",
                consumer,
                "window",
                size,
                "heartbeatSeconds",
                services.live().settings().heartbeat().toSeconds());
    }

    private void acknowledge(@Nullable String cursor) throws IOException {
        if (cursor == null) {
            throw new Failure.InvalidRequest("ack, a cursor, is expected").exception();
        }
        if (unwrittenAcks.incrementAndGet() > MAX_UNWRITTEN_ACKS) {
            throw new Failure.Unavailable("too many acknowledgements are not stored yet").exception();
        }
        long offset = services.positioning().require(device, cursor);
        var _ = services.acknowledging()
                .upTo(device, consumer, offset)
                .whenCompleteAsync((_, failure) -> acknowledged(cursor, offset, failure), services.workers());
    }

    private void acknowledged(String cursor, long offset, @Nullable Throwable failure) {
        unwrittenAcks.decrementAndGet();
        try {
            if (failure != null) {
                refuse(FailureException.of(failure)
                        .orElse(new Failure.Unavailable("the acknowledgement could not be stored")));
                return;
            }
            outgoing.sendMessage("acked", Map.of("ack", cursor));
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
        var running = stream;
        if (running != null) {
            running.windowOpened();
        }
    }

    private void call(@Nullable String id, @Nullable String payload) {
        if (id == null || payload == null) {
            throw new Failure.InvalidRequest(
                            "id, a request id, and message, the string that the SDK emitted, are expected")
                    .exception();
        }
        var requestId = services.checkedRequestId(id);
        try {
            var _ = services.calls()
                    .call(device, requestId, payload, Map.of())
                    .whenCompleteAsync((reply, failure) -> answer(requestId, reply, failure), services.workers());
        } catch (FailureException refused) {
            answer(requestId, null, refused);
        }
    }

    private void answer(String requestId, @Nullable Reply reply, @Nullable Throwable failure) {
        if (!services.isCurrent(device)) {
            close(CloseCode.FORBIDDEN);
            return;
        }
        try {
            if (reply instanceof Reply.Answered(var body)) {
                var text = StandardCharsets.UTF_8.decode(body.duplicate()).toString();
                outgoing.sendMessage("rpc_result", Map.of("id", requestId, "status", 200, "body", text));
                return;
            }
            outgoing.sendFailure("rpc_error", RpcFailures.of(reply, failure, requestId), Map.of("id", requestId));
        } catch (IOException e) {
            log.atDebug().setCause(e).log("rpc result not sent, socket closed");
        }
    }

    private void renew(@Nullable String token) throws IOException {
        if (token == null) {
            throw new Failure.InvalidRequest("token, a bearer token, is expected").exception();
        }
        try {
            var renewed = services.tokens().decode(token);
            if (!device.userId().equals(renewed.getSubject())) {
                close(CloseCode.FORBIDDEN);
                return;
            }
            expireAfter(TokenExpiry.of(renewed));
        } catch (BadJwtException e) {
            close(CloseCode.TOKEN_EXPIRED);
        } catch (JwtException e) {
            // It cannot be checked just now, and the old one is good as long as it was.
            outgoing.sendFailure("error", new Failure.Unavailable("the issuer's keys cannot be fetched"), Map.of());
        }
    }

    private void refuse(Failure failure) throws IOException {
        var code = CloseCode.of(failure);
        outgoing.sendFailure(code == CloseCode.RESET ? "reset" : "error", failure, Map.of());
        close(code);
    }

    private void expireAfter(Duration life) {
        cancel(timer);
        timer = services.after(life, () -> close(CloseCode.TOKEN_EXPIRED));
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
        var running = stream;
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
            // The close would wait behind what is not read.
            disconnectLater(unread);
        }
    }

    private void disconnectLater(NativeWebSocketSession unread) {
        var _ = services.after(DISCONNECT_DELAY, () -> disconnect(unread));
    }

    private static void disconnect(NativeWebSocketSession session) {
        var socket = session.getNativeSession(Session.class);
        if (socket != null) {
            socket.disconnect();
        }
    }
}
