package dev.ncwrelay.channel.consume;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes the records of the events topic. */
public final class EventDecoder {

    private static final Logger log = LoggerFactory.getLogger(EventDecoder.class);

    private final RecordCodec codec;

    public EventDecoder(RecordCodec codec) {
        this.codec = codec;
    }

    /**
     * The event in a record; empty for one that cannot be decoded, of which delivery-service writes the dead letter.
     *
     * @throws IllegalStateException while the schema registry is unavailable
     */
    public Optional<ReadEvent> decode(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        return switch (codec.decode(Topics.DEVICE_EVENTS, record.value())) {
            case Decoded.Value<DeviceEvent>(var event) ->
                Optional.of(new ReadEvent(
                        record.offset(), Instant.ofEpochMilli(record.timestamp()), event, headers(record)));
            case Decoded.Unreadable<DeviceEvent>(var reason) -> {
                log.atError()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("reason", reason)
                        .log("record unreadable, not forwarded");
                yield Optional.empty();
            }
            case Decoded.RegistryDown<DeviceEvent>(var reason) ->
                throw new IllegalStateException("schema registry: " + reason);
        };
    }

    /** The events in the records of a source. */
    public EventSource events(RecordSource source) {
        return (partition, from, end, devices) -> {
            var part = source.read(partition, from, end, devices);
            var events = part.records().stream()
                    .flatMap(record -> decode(record).stream())
                    .toList();
            return new EventSource.Part(events, part.upTo());
        };
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        var headers = new HashMap<String, String>();
        for (var header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }
}
