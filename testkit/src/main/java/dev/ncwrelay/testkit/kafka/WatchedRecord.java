package dev.ncwrelay.testkit.kafka;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a record of the relay is in Kafka, and what identifies it; never its payload.
 *
 * @param timestamp the record's own, set by the service that wrote it
 * @param fields ids, types, outcomes, and the times that the record itself has, in milliseconds of the epoch
 */
public record WatchedRecord(String topic, int partition, long offset, Instant timestamp, Map<String, Object> fields) {

    public WatchedRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
