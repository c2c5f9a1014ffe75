package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.EventDecoder;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.cursor.Cursor;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes messages for the topics of tenants from the records of one partition.
 *
 * @param generation of the events topic, for the cursors
 */
record TenantMessages(
        int partition, int generation, EventDecoder decoder, Registrations registrations, TenantTopics topics) {

    /** Those of the records whose tenant has a topic. */
    List<TenantMessage> of(List<ConsumerRecord<String, byte[]>> records) {
        var events = records.stream()
                .flatMap(record -> decoder.decode(record).map(event -> new Source(record, event)).stream())
                .toList();
        // A device may have been registered, or have moved to another tenant, just before.
        if (!events.stream().allMatch(source -> owner(source.event()).isUndisputed(source.event()))) {
            registrations.awaitLatest(partition);
        }
        return events.stream().flatMap(source -> message(source).stream()).toList();
    }

    private Optional<TenantMessage> message(Source source) {
        var event = source.event();
        var owner = owner(event);
        var cursor = new Cursor(generation, owner.epoch(), partition, event.offset());
        return topics.of(owner.tenant()).map(topic -> new TenantMessage(source.record(), event, cursor, topic));
    }

    private EventOwner owner(ReadEvent event) {
        return EventOwner.of(event, registrations.device(event.deviceId()));
    }

    private record Source(ConsumerRecord<String, byte[]> record, ReadEvent event) {}
}
