package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.cursor.Cursor;
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

    /**
     * The record, with the device id as its key.
     *
     * @param cursor the position of the event in the device's stream
     */
    ProducerRecord<String, byte[]> of(ReadEvent event, Cursor cursor, String topic, int partition) {
        var device = event.deviceId();
        var text = cursors.encode(device, cursor);
        return new ProducerRecord<>(topic, partition, device, json(event.event(), text), headers(event, text));
    }

    private static byte[] json(DeviceEvent event, String cursor) {
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

    private static List<Header> headers(ReadEvent read, String cursor) {
        var event = read.event();
        return Stream.of(
                        header("cursor", cursor),
                        header("walletId", event.getWalletId()),
                        header("physicalDeviceId", event.getPhysicalDeviceId()),
                        header(TRACE_PARENT, read.headers().get(TRACE_PARENT)))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Header> header(String name, @Nullable String value) {
        return value == null ? List.of() : List.of(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
