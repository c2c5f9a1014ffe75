package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes messages as JSON. Their data is what Fireblocks sent, byte for byte. */
public final class MessageJson {

    private MessageJson() {}

    /** Writes the message as a JSON object. */
    public static void write(JsonGenerator generator, Event event, String cursor) {
        generator.writeStartObject();
        writeMembers(generator, event, cursor);
        generator.writeEndObject();
    }

    /** Writes the message's members only, into an object that has others, too. */
    public static void writeMembers(JsonGenerator generator, Event event, String cursor) {
        generator.writeStringProperty("id", event.eventId());
        generator.writeStringProperty("cursor", cursor);
        generator.writeStringProperty("type", event.type());
        generator.writeStringProperty("createdAt", event.createdAt().toString());
        writeIfPresent(generator, "walletId", event.walletId());
        writeIfPresent(generator, "physicalDeviceId", event.physicalDeviceId());
        generator.writeName("data");
        generator.writeRawValue(StandardCharsets.UTF_8.decode(event.data()).toString());
    }

    private static void writeIfPresent(JsonGenerator generator, String name, @Nullable String value) {
        if (value != null) {
            generator.writeStringProperty(name, value);
        }
    }
}
