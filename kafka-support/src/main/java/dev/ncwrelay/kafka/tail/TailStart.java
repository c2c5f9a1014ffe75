package dev.ncwrelay.kafka.tail;

import java.time.Duration;

/** Where a tail starts to read. */
public sealed interface TailStart {

    /** At the first record, for topics of which every key is needed. */
    record Beginning() implements TailStart {}

    /** At the first record that is not older than this, or at the end if there is none. */
    record Ago(Duration age) implements TailStart {}
}
