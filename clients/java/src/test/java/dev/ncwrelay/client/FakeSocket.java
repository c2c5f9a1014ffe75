package dev.ncwrelay.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A WebSocket of the relay. */
final class FakeSocket extends WebSocketListener implements FakeConnection {

    private final FakeRelay relay;
    private final Deque<Integer> unacknowledged = new ArrayDeque<>();
    private @Nullable WebSocket socket;
    private String consumer = "";
    private boolean isGreeted;
    private volatile boolean isClosed;
    private boolean isCaughtUp;
    private int position;
    private long credit;

    FakeSocket(FakeRelay relay) {
        this.relay = relay;
    }

    @Override
    public synchronized void onOpen(WebSocket opened, Response response) {
        socket = opened;
    }

    @Override
    public void onClosing(WebSocket closing, int code, String reason) {
        relay.connections().remove(this);
        closing.close(1000, null);
    }

    @Override
    public void onFailure(WebSocket failed, Throwable cause, @Nullable Response response) {
        relay.connections().remove(this);
    }

    @Override
    public void onMessage(WebSocket from, String text) {
        if (isClosed) {
            return;
        }
        try {
            receive(FakeRelay.JSON.readTree(text));
            wake();
        } catch (Refusal refusal) {
            if (refusal.status() == 410) {
                reset(refusal);
                return;
            }
            relay.violations().add(refusal.getMessage());
            send(Map.of("type", "error", "problem", refusal.type(), "detail", "d"));
            close(4400);
        }
    }

    private void receive(JsonNode message) {
        var type = message.path("type").asString();
        if (type.equals("hello")) {
            FakeRelay.requireMembers(message, Set.of("type", "consumer", "after", "window", "credit"));
            relay.claim(message.path("consumer").asString(""));
            hello(message);
            relay.connections().add(this);
            return;
        }
        synchronized (this) {
            if (!isGreeted) {
                throw new Refusal(400, "hello is expected first");
            }
            switch (type) {
                case "ack" -> acknowledge(message);
                case "credit" -> {
                    FakeRelay.requireMembers(message, Set.of("type", "n"));
                    credit += FakeRelay.range("n", message.path("n").asInt(), 1, 1_000_000);
                }
                default -> throw new Refusal(400, "unknown type " + type);
            }
        }
    }

    private synchronized void hello(JsonNode message) {
        consumer = message.path("consumer").asString("");
        credit = message.path("credit").asLong();
        position = relay.log().start(consumer, message.path("after").asString(null));
        isGreeted = true;
        send(Map.of("type", "welcome", "consumer", consumer, "window", relay.window(), "heartbeatSeconds", 15));
    }

    private void acknowledge(JsonNode message) {
        FakeRelay.requireMembers(message, Set.of("type", "ack"));
        int offset = relay.log().acknowledge(consumer, message.path("ack").asString());
        send(Map.of("type", "acked", "ack", message.path("ack").asString()));
        unacknowledged.removeIf(one -> one <= offset);
    }

    @Override
    public synchronized void wake() {
        if (!isGreeted) {
            return;
        }
        try {
            relay.log().requireStored(position);
        } catch (Refusal gone) {
            reset(gone);
            return;
        }
        while (relay.log().has(position) && credit > 0 && unacknowledged.size() < relay.window()) {
            credit--;
            unacknowledged.add(++position);
            relay.sent().incrementAndGet();
            sendText("{\"type\":\"msg\",\"message\":" + relay.log().at(position) + "}");
        }
        if (!isCaughtUp && !relay.log().has(position)) {
            isCaughtUp = true;
            send(Map.of("type", "caught_up", "next", relay.log().cursor(position)));
        }
    }

    private void reset(Refusal gone) {
        send(Map.of(
                "type",
                "reset",
                "reason",
                gone.members().get("reason"),
                "earliest",
                gone.members().get("earliest")));
        close(4410);
    }

    @Override
    public void farewell() {
        close(1012);
    }

    @Override
    public void supersede(String named) {
        if (consumer.equals(named)) {
            close(4409);
        }
    }

    @Override
    public void close(int code) {
        isClosed = true;
        relay.connections().remove(this);
        var opened = socket;
        if (opened != null) {
            opened.close(code, null);
        }
    }

    private void send(Map<String, Object> message) {
        sendText(FakeRelay.JSON.writeValueAsString(message));
    }

    private void sendText(String text) {
        var opened = socket;
        if (opened != null) {
            opened.send(text);
        }
    }
}
