package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.cursor.Cursor;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event for the topic of a tenant.
 *
 * @param source the record that it was read from
 * @param cursor the position of the event in the device's stream
 */
record TenantMessage(ConsumerRecord<String, byte[]> source, ReadEvent event, Cursor cursor, ReadableTopic topic) {

    String deviceId() {
        return event.deviceId();
    }

    long offset() {
        return event.offset();
    }
}
