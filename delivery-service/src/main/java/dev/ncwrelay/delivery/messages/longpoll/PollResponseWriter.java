package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.messages.stream.MessageJson;
import dev.ncwrelay.delivery.messages.stream.StreamRead.Slice;
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
    byte[] write(Slice slice, LongFunction<String> cursor) {
        int data = slice.events().stream()
                .mapToInt(event -> event.data().remaining())
                .sum();
        var out = new ByteArrayOutputStream(
                data + OVERHEAD_PER_MESSAGE * (slice.events().size() + 1));
        try (var generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeName("messages");
            generator.writeStartArray();
            slice.events().forEach(event -> MessageJson.write(generator, event, cursor.apply(event.offset())));
            generator.writeEndArray();
            generator.writeStringProperty("next", cursor.apply(slice.next()));
            generator.writeBooleanProperty("more", slice.more());
            generator.writeBooleanProperty("caughtUp", !slice.more());
            generator.writeEndObject();
        }
        return out.toByteArray();
    }
}
