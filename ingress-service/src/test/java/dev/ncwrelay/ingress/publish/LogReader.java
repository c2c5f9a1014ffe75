package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what is on the log by now. */
public final class LogReader {

    private final KafkaConnection kafka;
    private final RecordCodec codec;

    public LogReader(KafkaConnection kafka, RecordCodec codec) {
        this.kafka = kafka;
        this.codec = codec;
    }

    /** Everything on a topic, in order within each partition. */
    public List<ConsumerRecord<String, byte[]>> records(String topic) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.consumer("test-reader"))) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
            }
        }
        return records;
    }

    public List<ConsumerRecord<String, byte[]>> records(String topic, String key) {
        return records(topic).stream()
                .filter(record -> key.equals(record.key()))
                .toList();
    }

    /** What is on a device's stream. */
    public List<DeviceEvent> events(String deviceId) {
        return records(Topics.DEVICE_EVENTS.name(), deviceId).stream()
                .map(record -> decode(Topics.DEVICE_EVENTS, record))
                .toList();
    }

    public <T extends SpecificRecord> T decode(Topic<T> topic, ConsumerRecord<String, byte[]> record) {
        if (codec.decode(topic, record.value()) instanceof Decoded.Value<T>(var value)) {
            return value;
        }
        throw new AssertionError("unreadable record on " + topic.name());
    }
}
