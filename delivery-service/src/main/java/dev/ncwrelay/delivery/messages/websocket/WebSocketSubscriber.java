package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.stream.MessageJson;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import dev.ncwrelay.delivery.messages.subscription.Subscriber;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a subscription as messages of the WebSocket protocol.
 *
 * @param welcome what the client is sent first
 * @param close closes the socket
 */
record WebSocketSubscriber(
        SocketWriter outgoing, JsonMapper json, Map<String, Object> welcome, Consumer<CloseCode> close)
        implements Subscriber {

    @Override
    public void opened() throws IOException {
        outgoing.sendMessage("welcome", welcome);
    }

    @Override
    public void message(Event event, String cursor) throws IOException {
        var body = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(body)) {
            generator.writeStartObject();
            // The message has a type of its own in the data; this one is the protocol's.
            generator.writeStringProperty("type", "msg");
            generator.writeName("message");
            MessageJson.write(generator, event, cursor);
            generator.writeEndObject();
        }
        outgoing.text(body.toByteArray());
    }

    @Override
    public void caughtUp(String next) throws IOException {
        outgoing.sendMessage("caught_up", Map.of("next", next));
    }

    @Override
    public void reset(PositionLossReason reason, String earliest) throws IOException {
        outgoing.sendMessage("reset", Map.of("reason", reason.name().toLowerCase(Locale.ROOT), "earliest", earliest));
    }

    @Override
    public void heartbeat() throws IOException {
        outgoing.ping();
    }

    /** The close code says why. */
    @Override
    public void ended(SubscriptionEnd end) {
        close.accept(CloseCode.of(end));
    }
}
