/**
 * Dead letters: records that cannot be read, copied unchanged to {@code <topic>.dlt} with the reason and their
 * coordinates in headers. {@link DeadLetterSink} takes one and returns when the broker has acknowledged it;
 * {@link DeadLetterWriter} has the rule for those that are too large, and the metric.
 */
@NullMarked
package dev.ncwrelay.kafka.deadletter;

import org.jspecify.annotations.NullMarked;
