package dev.ncwrelay.kafka.deadletter;

import java.util.Locale;

/** How a dead letter was written. */
public enum DeadLetterResult {
    /** With everything the record had. */
    DEAD_LETTERED,
    /** Without the value, because the record with it is too large for Kafka. */
    DEAD_LETTERED_WITHOUT_VALUE;

    /** The value of a metric's {@code result} tag. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
