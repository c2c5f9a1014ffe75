package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.stream.MessageJson;
import java.io.ByteArrayOutputStream;
import java.util.function.LongFunction;
import tools.jackson.databind.json.JsonMapper;

/** Writes the response to a poll. The data of each message is what Fireblocks sent, byte for byte. */
final class PollResponseWriter {

    private static final int OVERHEAD_PER_MESSAGE = 512;

    private final JsonMapper json;

    PollResponseWriter(JsonMapper json) {
        this.json = json;
    }

    /** The body; {@code cursor} makes a cursor of an offset. */
    byte[] write(Page page, LongFunction<String> cursor) {
        int data = page.events().stream()
                .mapToInt(event -> event.data().remaining())
                .sum();
        var out = new ByteArrayOutputStream(
                data + OVERHEAD_PER_MESSAGE * (page.events().size() + 1));
        try (var generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeName("messages");
            generator.writeStartArray();
            page.events().forEach(event -> MessageJson.write(generator, event, cursor.apply(event.offset())));
            generator.writeEndArray();
            generator.writeStringProperty("next", cursor.apply(page.upTo()));
            generator.writeBooleanProperty("more", page.more());
            generator.writeBooleanProperty("caughtUp", !page.more());
            generator.writeEndObject();
        }
        return out.toByteArray();
    }
}
