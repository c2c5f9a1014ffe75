package dev.ncwrelay.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic and the one type of record it carries.
 *
 * @param name the topic's name on the broker
 * @param recordType the Avro record its values are
 * @param retention how long records stay; ignored where {@code compacted}
 * @param compacted true when only the last record of each key counts and is kept for ever
 */
public record Topic<T extends SpecificRecord>(String name, Class<T> recordType, Duration retention, boolean compacted) {

    /** Where records of this topic go that cannot be read: original key and bytes, failure in the headers. */
    public String deadLetters() {
        return name + ".dlt";
    }

    /** The schema registry subject of the values, by Confluent's default naming (topic name strategy). */
    public String subject() {
        return name + "-value";
    }
}
