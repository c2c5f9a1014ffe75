package dev.ncwrelay.rpc.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.spi.LoggingEventBuilder;

/** Where a record is in Kafka, as log keys. */
final class RecordCoordinates {

    private RecordCoordinates() {}

    static LoggingEventBuilder addTo(LoggingEventBuilder event, ConsumerRecord<?, ?> record) {
        return event.addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset());
    }
}
