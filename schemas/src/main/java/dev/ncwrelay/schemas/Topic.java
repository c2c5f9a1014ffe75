package dev.ncwrelay.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic and its record type.
 *
 * @param name its name on the broker
 * @param recordType the Avro record of its values
 * @param retention how long records are kept; ignored if {@code compacted}
 * @param compacted true when the last record of each key is kept without limit
 */
public record Topic<T extends SpecificRecord>(String name, Class<T> recordType, Duration retention, boolean compacted) {

    /** The topic of its dead letters. */
    public String deadLetters() {
        return name + ".dlt";
    }

    /** The schema registry subject of the values, by Confluent's default naming (topic name strategy). */
    public String subject() {
        return name + "-value";
    }
}
