package dev.ncwrelay.kafka.tail;

import java.time.Duration;

/** Where a tail begins to read. */
public sealed interface TailStart {

    /** With the first record there is, for topics whose every key counts. */
    record Beginning() implements TailStart {}

    /** With the first record not older than this, or with the next to come. */
    record Ago(Duration age) implements TailStart {}
}
