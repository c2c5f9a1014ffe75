/**
 * Dead letters: records that cannot be read, copied unchanged to {@code <topic>.dlt} with the reason and their
 * coordinates in headers. {@link DeadLetterSink} takes one and returns when the broker has acknowledged it.
 */
@NullMarked
package dev.ncwrelay.kafka.deadletter;

import org.jspecify.annotations.NullMarked;
