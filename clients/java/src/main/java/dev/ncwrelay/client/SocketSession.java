package dev.ncwrelay.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The protocol on one open WebSocket. One thread follows it; acknowledgements are sent by another. */
final class SocketSession implements AckSender.Channel {

    private static final Duration SEND = Duration.ofSeconds(10);
    /** The relay stores an acknowledgement within 9 s, or refuses it. */
    private static final Duration CONFIRM = Duration.ofSeconds(15);
    /** What the relay permits without acknowledgement, unless it says otherwise. */
    private static final int DEFAULT_WINDOW = 256;

    private static final int CREDIT_PORTION = 16;

    /** With which problem the relay closes a WebSocket, and its status over HTTP. */
    private static final Map<Integer, Refusal> REFUSALS = Map.of(
            1013, new Refusal("unavailable", 503),
            4400, new Refusal("bad-request", 400),
            4403, new Refusal("foreign-device", 403),
            4409, new Refusal("superseded", 409),
            4429, new Refusal("too-many-connections", 429));

    private record Refusal(String problem, int status) {}

    private final Link link;
    private final Inbox inbox;
    private final WebSocket socket;
    private final BlockingQueue<SocketEvent> events;
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<String, CompletableFuture<Void>> unconfirmed = new ConcurrentHashMap<>();
    private final AtomicBoolean isDemanded = new AtomicBoolean();
    /** Cursors of this connection's messages that are not acknowledged; the relay's window bounds them. */
    private final Deque<String> unacknowledged = new ArrayDeque<>();

    private final Liveness liveness;

    private int window = DEFAULT_WINDOW;
    private int credit;
    private boolean isHeard;
    private @Nullable JsonObject refusal;

    SocketSession(Link link, WebSocket socket, BlockingQueue<SocketEvent> events) {
        this.link = link;
        this.inbox = link.inbox();
        this.socket = socket;
        this.events = events;
        this.liveness = new Liveness(link.timing());
        this.credit = inbox.room();
    }

    /** Returns how long to wait before the next connection. */
    Duration run() throws InterruptedException, PathFaultException {
        inbox.onDemand(this::demand);
        try {
            send(new JsonWriter()
                    .member("type", "hello")
                    .member("consumer", link.context().consumer())
                    .member("after", inbox.position())
                    .member("credit", credit));
            link.sender().use(this);
            while (true) {
                var pause = receive();
                if (pause != null) {
                    return pause;
                }
            }
        } catch (MalformedJsonException e) {
            throw new RelayException("malformed", "a message is not as expected", e);
        } finally {
            link.sender().use(null);
            inbox.onDemand(() -> {});
            unconfirmed.values().forEach(one -> one.completeExceptionally(RelayException.network(null)));
            close();
        }
    }

    private void close() {
        // Politely, if that can be written; the connection ends in any case.
        var unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .whenComplete((done, failure) -> socket.abort());
    }

    private void demand() {
        if (isDemanded.compareAndSet(false, true)) {
            events.add(new SocketEvent.Demanded());
        }
    }

    private @Nullable Duration receive() throws InterruptedException, PathFaultException {
        var event = await();
        if (event instanceof SocketEvent.Demanded) {
            isDemanded.set(false);
            return followDemand();
        }
        if (event instanceof SocketEvent.Closed closed) {
            return closed(closed.code());
        }
        if (event instanceof SocketEvent.Failed failed) {
            throw lost(RelayException.network(failed.cause()));
        }
        link.heard().run();
        if (event instanceof SocketEvent.Text text) {
            isHeard = true;
            liveness.message();
            handle(JsonObject.parse(text.text()));
        } else {
            liveness.heartbeat();
        }
        return null;
    }

    /** The next event; silence of the relay, which sends heartbeats, means that the connection is dead. */
    private SocketEvent await() throws InterruptedException, PathFaultException {
        while (true) {
            var event = events.poll(liveness.nanosLeft(), TimeUnit.NANOSECONDS);
            if (event != null) {
                return event;
            }
            if (liveness.silent() == Liveness.Verdict.DEAD) {
                throw new PathFaultException(new RelayException("stalled", "the WebSocket is silent", null));
            }
            send(() -> socket.sendPing(ByteBuffer.allocate(0)));
        }
    }

    private void handle(JsonObject message) throws InterruptedException {
        switch (message.text("type")) {
            case "welcome" -> window = message.integer("window", DEFAULT_WINDOW);
            case "msg" -> accept(Page.message(message.object("message")));
            case "caught_up" -> inbox.advance(message.text("next"));
            case "acked" -> confirm(message.text("ack"));
            case "reset" -> throw Problem.of("position-gone", message).exception(410, null);
            case "error" -> refusal = message;
            default -> {
                // Of a later version.
            }
        }
    }

    private void accept(Message message) throws InterruptedException {
        if (credit-- <= 0) {
            throw new RelayException("malformed", "more messages than were asked for", null);
        }
        unacknowledged.add(message.cursor());
        inbox.offer(message);
        // A duplicate uses credit, and takes no room.
        grantCredit();
    }

    private void confirm(String cursor) {
        if (unacknowledged.contains(cursor)) {
            while (!unacknowledged.remove().equals(cursor)) {
                // Acknowledged with it.
            }
        }
        var stored = unconfirmed.remove(cursor);
        if (stored != null) {
            stored.complete(null);
        }
    }

    /**
     * The relay sends no more than a window of unacknowledged messages. An app that goes on without acknowledging gets a
     * new window with a new connection, so that it is served as on other transports.
     */
    private @Nullable Duration followDemand() throws InterruptedException {
        grantCredit();
        var isExhausted = unacknowledged.size() >= window
                && inbox.isAwaited()
                && !link.acks().isPending();
        return isExhausted ? Duration.ZERO : null;
    }

    /** Lets the relay send as much as the app has made room for, in portions. */
    private void grantCredit() throws InterruptedException {
        int room = inbox.room() - credit;
        if (room >= CREDIT_PORTION) {
            credit += room;
            send(new JsonWriter().member("type", "credit").member("n", room));
        }
    }

    @Override
    public void store(String cursor) throws InterruptedException {
        var stored = new CompletableFuture<Void>();
        unconfirmed.put(cursor, stored);
        try {
            send(new JsonWriter().member("type", "ack").member("ack", cursor));
            link.http().await(stored, CONFIRM);
        } catch (RelayException failure) {
            // A connection that does not confirm it is dead.
            events.add(new SocketEvent.Failed(failure));
            throw failure;
        } finally {
            unconfirmed.remove(cursor);
        }
    }

    private void send(JsonWriter message) throws InterruptedException {
        var text = message.end();
        send(() -> socket.sendText(text, true));
    }

    /** One at a time, as the JDK demands. */
    private void send(Supplier<CompletableFuture<WebSocket>> start) throws InterruptedException {
        sending.lockInterruptibly();
        try {
            link.http().await(start.get(), SEND);
        } finally {
            sending.unlock();
        }
    }

    private Duration closed(int code) throws PathFaultException {
        if (code == 4401) {
            link.http().tokens().forget();
            return Duration.ZERO;
        }
        if (code == 1012) {
            return Duration.ZERO;
        }
        var known = REFUSALS.get(code);
        if (known == null) {
            throw lost(new RelayException("network", "the WebSocket was closed with code " + code, null));
        }
        var said = refusal;
        if (said == null) {
            throw Problem.of(known.problem(), "the WebSocket was closed with code " + code)
                    .exception(known.status(), null);
        }
        var problem = said.string("problem");
        throw Problem.of(problem == null ? known.problem() : problem, said).exception(known.status(), null);
    }

    private RelayException lost(RelayException failure) throws PathFaultException {
        if (!isHeard) {
            throw new PathFaultException(failure);
        }
        return failure;
    }
}
