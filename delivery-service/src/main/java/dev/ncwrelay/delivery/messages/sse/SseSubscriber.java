package dev.ncwrelay.delivery.messages.sse;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.stream.MessageJson;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import dev.ncwrelay.delivery.messages.subscription.Subscriber;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Writes server-sent events; the id of a message is its cursor, which the browser sends back as Last-Event-ID. */
final class SseSubscriber implements Subscriber {

    private static final int RECONNECT_MILLIS = 1_000;

    private final OutputStream out;
    private final JsonMapper json;

    SseSubscriber(OutputStream out, JsonMapper json) {
        this.out = out;
        this.json = json;
    }

    /** Sends the headers. */
    @Override
    public void opened() throws IOException {
        out.flush();
    }

    @Override
    public void message(Event event, String cursor) throws IOException {
        var body = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(body)) {
            MessageJson.write(generator, event, cursor);
        }
        write("id: " + cursor + "\nevent: message\n" + data(body.toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void caughtUp(String next) throws IOException {
        write("id: " + next + "\nevent: caught_up\n" + data(json.writeValueAsString(Map.of("next", next))));
    }

    @Override
    public void reset(PositionLossReason reason, String earliest) throws IOException {
        var body = Map.of("reason", reason.name().toLowerCase(Locale.ROOT), "earliest", earliest);
        write("event: reset\n" + data(json.writeValueAsString(body)));
    }

    @Override
    public void heartbeat() throws IOException {
        write(": \n\n");
    }

    @Override
    public void ended(SubscriptionEnd end) throws IOException {
        switch (end) {
            case RECONNECT, SHUTTING_DOWN ->
                write("event: reconnect\nretry: " + RECONNECT_MILLIS + "\n"
                        + data(json.writeValueAsString(Map.of("retryAfterMillis", RECONNECT_MILLIS))));
            // Browsers reconnect after any end; without this event two tabs would supersede each other forever.
            case SUPERSEDED -> write("event: superseded\n" + data("{}"));
            // The same here: with its token the browser would get 403 on every reconnect.
            case FORBIDDEN -> write("event: forbidden\n" + data("{}"));
            case CLIENT_GONE, RESET, CLIENT_SLOW, STOPPED, FAILED -> {}
        }
    }

    /** A line break within JSON is white space between its tokens; the browser joins the lines with one. */
    private static String data(String text) {
        return text.lines().collect(Collectors.joining("\ndata: ", "data: ", "\n\n"));
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
