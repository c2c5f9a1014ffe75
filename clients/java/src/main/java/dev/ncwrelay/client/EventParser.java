package dev.ncwrelay.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses server-sent events (HTML standard, section 9.2.6) from pieces that may be cut anywhere. The id is left to the
 * data, which has the cursor too. An event that was cut off is not complete, and never returned.
 */
final class EventParser {

    /** One event. */
    record Event(String type, String data) {}

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";

    /** The events that are complete with this piece. */
    List<Event> push(ByteBuffer piece) {
        var events = new ArrayList<Event>();
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next != '\n') {
                line.write(next);
                continue;
            }
            take(line.toString(StandardCharsets.UTF_8), events);
            line.reset();
        }
        return events;
    }

    private void take(String ended, List<Event> events) {
        var text = ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended;
        if (text.isEmpty()) {
            if (!type.isEmpty()) {
                events.add(new Event(type, data.toString()));
            }
            type = "";
            data.setLength(0);
            return;
        }
        int colon = text.indexOf(':');
        var name = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : text.substring(colon + 1);
        field(name, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) {
        if (name.equals("event")) {
            type = value;
        } else if (name.equals("data")) {
            data.append(data.length() == 0 ? "" : "\n").append(value);
        }
    }
}
