package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.schemas.DevicePartition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

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

    /** Where it goes. */
    TopicPartition target() {
        return new TopicPartition(topic.name(), DevicePartition.of(deviceId(), topic.partitions()));
    }
}
