package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.cursor.CursorCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An event as a record for clients: the JSON object that a poll answers with, with the event's data byte for byte.
 *
 * @param cursors signs the cursor in the message
 */
record ClientMessage(CursorCodec cursors) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String TRACE_PARENT = "traceparent";

    /** The record, with the device id as its key. */
    ProducerRecord<String, byte[]> of(Message message, String topic) {
        var device = message.subscription().key().deviceId();
        var cursor = cursors.encode(device, message.cursor());
        return new ProducerRecord<>(topic, 0, device, json(message, cursor), headers(message, cursor));
    }

    private static byte[] json(Message message, String cursor) {
        var event = message.event().event();
        var bytes = new ByteArrayOutputStream(event.getData().remaining() + 512);
        try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            generator.writeStartObject();
            generator.writeStringProperty("id", event.getEventId());
            generator.writeStringProperty("cursor", cursor);
            generator.writeStringProperty("type", event.getEventType());
            generator.writeStringProperty("createdAt", event.getCreatedAt().toString());
            writeIfPresent(generator, "walletId", event.getWalletId());
            writeIfPresent(generator, "physicalDeviceId", event.getPhysicalDeviceId());
            generator.writeName("data");
            generator.writeRawValue(
                    StandardCharsets.UTF_8.decode(event.getData().duplicate()).toString());
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeIfPresent(JsonGenerator generator, String name, @Nullable String value) {
        if (value != null) {
            generator.writeStringProperty(name, value);
        }
    }

    private static List<Header> headers(Message message, String cursor) {
        var event = message.event().event();
        return Stream.of(
                        header("cursor", cursor),
                        header("walletId", event.getWalletId()),
                        header("physicalDeviceId", event.getPhysicalDeviceId()),
                        header(TRACE_PARENT, message.event().headers().get(TRACE_PARENT)))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Header> header(String name, @Nullable String value) {
        return value == null ? List.of() : List.of(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
